export { type Personas, type PersonasOptions, startPersonas } from './start-personas.ts';
