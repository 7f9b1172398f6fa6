export { createKnownDevices } from './known-device.ts';
export { createInteractionRouter } from './router.ts';
