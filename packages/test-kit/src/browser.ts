export { type Answer, type Browser, createBrowser, type Visit } from '@gatehouse/http-browser';
