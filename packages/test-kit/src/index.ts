export { freePort } from '@gatehouse/launcher/ports';
export { createTestDatabase, type TestDatabase, testServerUrl } from './database.ts';
