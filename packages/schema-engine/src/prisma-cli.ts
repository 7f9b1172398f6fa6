#!/usr/bin/env node
import { runPrisma } from './run-prisma.ts';

const { exitCode } = await runPrisma(process.argv.slice(2), { cwd: process.cwd() });
process.exitCode = exitCode;
