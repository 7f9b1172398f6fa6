import type { Pool } from 'pg';

export interface Post {
  code: string;
  title: string;
  /** Who holds it today; nobody where it is vacant. */
  holders: { id: string; name: string }[];
}

export interface DepartmentInTree {
  code: string;
  name: string;
  /** 1 for the root. */
  level: number;
  posts: Post[];
}

/** Every department with its designations and who holds them today, each right after the one above it. */
export async function departmentTree(pool: Pool): Promise<DepartmentInTree[]> {
  const { rows } = await pool.query<DepartmentInTree>(
    `WITH RECURSIVE tree AS (
       SELECT id, code, name, 1 AS level, ARRAY[name, code] AS place FROM directory.department WHERE parent_id IS NULL
       UNION ALL
       SELECT d.id, d.code, d.name, level + 1, place || d.name || d.code
       FROM directory.department d JOIN tree ON tree.id = d.parent_id
     )
     SELECT t.code, t.name, t.level,
            coalesce((SELECT json_agg(json_build_object('code', d.code, 'title', d.title, 'holders', coalesce(
                        (SELECT json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.name)
                         FROM directory.held_designation h JOIN directory.person p ON p.id = h.person_id AND p.status = 'active'
                         WHERE h.designation_id = d.id), '[]')) ORDER BY d.title)
                      FROM directory.designation d WHERE d.department_id = t.id), '[]') AS posts
     FROM tree t ORDER BY place`,
  );
  return rows;
}
