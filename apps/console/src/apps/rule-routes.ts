import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, HttpError, parseForm, uuidParam } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import type { DirectoryManagement, RuleEffect } from '../posts/directory-management.ts';
import { fieldErrorsOf, refusalOf } from '../posts/refusals.ts';
import type { AccessToken } from '../provider-api.ts';
import { findRole, findRule, ruleTargets } from './rules.ts';

interface Dependencies {
  pool: Pool;
  management: DirectoryManagement;
  accessToken: AccessToken;
}

const ruleForm = z.object({
  to: z.string().regex(/^(designation|department) [a-z0-9-]+$/, 'Choose a designation or department'),
});

/** Access rules: who gets which role of an app by designation or department. */
export function ruleRoutes({ pool, management, accessToken }: Dependencies) {
  const show: RequestHandler = async (req, res) =>
    res.render('apps/rule', { role: await requireRole(req), targets: await ruleTargets(pool), values: {}, errors: {} });

  const add: RequestHandler = async (req, res) => {
    const role = await requireRole(req);
    const targets = await ruleTargets(pool);
    const form = parseForm(ruleForm, req.body);
    if (!form.ok) return res.status(422).render('apps/rule', { role, targets, ...form });
    const [kind = '', code] = form.data.to.split(' ');
    const label = targets.find(({ value }) => value === form.data.to)?.label ?? form.data.to;
    const confirmed = req.body.confirmed === 'yes';
    try {
      const rule = { clientId: role.clientId, role: role.role, [kind]: code };
      const effect = await management.addRule({ token: accessToken(req), preview: !confirmed }, rule);
      if (confirmed) return res.redirect(303, '/apps?done=rule-added');
      const title = `Give ${role.title} in ${role.app} to ${label}?`;
      res.render('apps/rule-confirm', { title, button: 'Add the rule', effect, role, fields: { to: form.data.to } });
    } catch (error) {
      const errors = fieldErrorsOf(error);
      if (!errors) throw refusalOf(error);
      res.status(422).render('apps/rule', { role, targets, values: req.body, errors });
    }
  };

  const remove: RequestHandler = async (req, res) => {
    const rule = await findRule(pool, uuidParam(req));
    if (!rule) throw refusalOf('rule_unknown');
    const confirmed = req.body.confirmed === 'yes';
    let effect: RuleEffect;
    try {
      effect = await management.removeRule({ token: accessToken(req), preview: !confirmed }, rule.id);
    } catch (error) {
      throw refusalOf(error);
    }
    if (confirmed) return res.redirect(303, '/apps?done=rule-removed');
    const title = `Take ${rule.title} in ${rule.app} from ${rule.target}?`;
    res.render('apps/rule-confirm', { title, button: 'Remove the rule', danger: true, effect, role: rule, fields: {} });
  };

  async function requireRole(req: Request) {
    const role = await findRole(pool, String(req.params.client), String(req.params.role));
    if (!role) throw new HttpError(404, 'role_unknown', 'There is no such role.');
    return role;
  }

  const allow = 'administrator' as const;
  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/apps/:client/roles/:role/rule', allow, handler: show },
    { method: 'post', path: '/apps/:client/roles/:role/rule', allow, handler: add },
    { method: 'post', path: '/rules/:id/remove', form: '/apps', allow, handler: remove },
  ]);
}
