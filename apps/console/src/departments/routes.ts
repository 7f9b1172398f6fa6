import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, type FormResult, parseForm, requiredText } from '@gatehouse/web';
import type { RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import type { DirectoryManagement } from '../posts/directory-management.ts';
import { fieldErrorsOf, refusalOf } from '../posts/refusals.ts';
import { designationChoices } from '../posts/what-there-is.ts';
import type { AccessToken } from '../provider-api.ts';
import { codeFrom } from './code-from.ts';
import { departmentTree } from './tree.ts';

interface Dependencies {
  pool: Pool;
  management: DirectoryManagement;
  accessToken: AccessToken;
}

const typedCode = z
  .string()
  .trim()
  .regex(/^([a-z][a-z0-9-]{0,62})?$/, 'Use small letters, digits and hyphens, a letter first')
  .default('');

const departmentForm = z
  .object({ name: requiredText('Enter a name', 100), department: requiredText('Choose a department'), code: typedCode })
  .transform(({ name, department, code }) => ({ name, parent: department, code: code || codeFrom(name) }));

const designationForm = z
  .object({
    title: requiredText('Enter a title', 100),
    department: requiredText('Choose a department'),
    designation: z.string().max(100).default(''),
    code: typedCode,
  })
  .transform(({ title, department, designation, code }) => ({
    title,
    department,
    reportsTo: designation || undefined,
    code: code || codeFrom(title),
  }));

/** The organisation as it stands, and what is added to it: neither gives anybody a right. */
export function departmentRoutes({ pool, management, accessToken }: Dependencies) {
  const show: RequestHandler = async (req, res) => {
    const departments = await departmentTree(pool);
    res.render('departments/departments', { departments, mayAct: req.auth!.roles.includes('administrator') });
  };

  const showNewDepartment: RequestHandler = (req, res) =>
    renderForm(res, 'new-department', { values: { department: String(req.query.department ?? '') } });

  const addDepartment: RequestHandler = async (req, res) => {
    const form = parseForm(departmentForm, req.body);
    if (!form.ok) return renderForm(res.status(422), 'new-department', form);
    await attempt(res, 'new-department', req.body, () => management.createDepartment(accessToken(req), form.data));
  };

  const showNewDesignation: RequestHandler = (req, res) =>
    renderForm(res, 'new-designation', { values: { department: String(req.query.department ?? '') } });

  const addDesignation: RequestHandler = async (req, res) => {
    const form = parseForm(designationForm, req.body);
    if (!form.ok) return renderForm(res.status(422), 'new-designation', form);
    await attempt(res, 'new-designation', req.body, () => management.createDesignation(accessToken(req), form.data));
  };

  async function attempt(res: Response, view: string, values: object, change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      const errors = fieldErrorsOf(error);
      if (!errors) throw refusalOf(error);
      return renderForm(res.status(422), view, { values: values as Record<string, string>, errors });
    }
    res.redirect(303, '/departments?done=made');
  }

  async function renderForm(res: Response, view: string, form: Partial<FormResult<unknown>> = {}): Promise<void> {
    const [departments, designations] = await Promise.all([departmentTree(pool), designationChoices(pool)]);
    const choices = departments.map(({ code, name, level }) => ({ value: code, label: '– '.repeat(level - 1) + name }));
    res.render(`departments/${view}`, { departments: choices, designations, values: {}, errors: {}, ...form });
  }

  const allow = 'administrator' as const;
  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/departments', allow: ['administrator', 'auditor'], handler: show },
    { method: 'get', path: '/new-department', allow, handler: showNewDepartment },
    { method: 'post', path: '/new-department', allow, handler: addDepartment },
    { method: 'get', path: '/new-designation', allow, handler: showNewDesignation },
    { method: 'post', path: '/new-designation', allow, handler: addDesignation },
  ]);
}
