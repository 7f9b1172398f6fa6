export { deploy } from './deploy.ts';
export { type PrismaOptions, type PrismaRun, runPrisma } from './run-prisma.ts';
