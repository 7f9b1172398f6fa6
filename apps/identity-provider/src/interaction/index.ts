export { createInteractionRouter } from './router.ts';
