import type { RequestHandler } from 'express';

/**
 * GET session: 204 while this browser is signed in here, as `person` where that is named, and 401 otherwise. An open
 * page learns by it of a sign-out in another tab or app, without cookies of another site.
 */
export const sessionCheck: RequestHandler = (req, res) => {
  const { person } = req.query;
  const isSame = req.auth !== undefined && (person === undefined || person === req.auth.person.id);
  res
    .set('Cache-Control', 'no-store')
    .status(isSame ? 204 : 401)
    .end();
};
