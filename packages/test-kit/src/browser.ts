export { type Answer, type Browser, createBrowser, selfPosting, type Visit } from '@gatehouse/http-browser';
