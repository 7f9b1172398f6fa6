import type { RegisteredClient } from '@gatehouse/clients';
import type { FieldErrors, FieldValues } from '@gatehouse/web';
import { type ClientField, clientFields, trueByDefault } from './form-fields.ts';

type Metadata = Record<string, unknown>;

/** What the form of a new client begins with. */
export const newClientValues: FieldValues = {
  application_type: 'web',
  token_endpoint_auth_method: 'client_secret_basic',
  access: 'everyone',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  id_token_signed_response_alg: 'RS256',
  flags: [...trueByDefault],
};

/**
 * Metadata from what was typed. What was left empty is left out, and then takes its default. Whether it is right is
 * the provider's to say, so what cannot be read as a number or as JSON goes as it was typed.
 */
export function metadataFrom(values: FieldValues): Metadata {
  const metadata: Metadata = {};
  for (const field of clientFields) {
    const value = read(field, values[field.name]);
    if (field.kind === 'flags') Object.assign(metadata, value);
    else if (value !== undefined) metadata[field.name] = value;
  }
  return metadata;
}

function read({ kind, required, options = [] }: ClientField, typed: string | string[] | undefined): unknown {
  const all = [typed ?? []].flat();
  const text = all.join('\n').trim();
  switch (kind) {
    case 'text':
    case 'choice':
      return required ? text : text || undefined;
    case 'lines':
      return listOf(text.split('\n'));
    case 'choices':
      return listOf(all);
    case 'flags':
      return Object.fromEntries(flagsThatDiffer(options, all));
    case 'number':
      return /^\d+$/.test(text) ? Number(text) : text || undefined;
    case 'json':
      return text ? parsed(text) : undefined;
  }
}

/** What is as it is by default needs no saying. */
const flagsThatDiffer = (options: NonNullable<ClientField['options']>, ticked: string[]) =>
  options
    .map(({ value }) => [value, ticked.includes(value)] as const)
    .filter(([name, isTicked]) => isTicked !== trueByDefault.includes(name));

function listOf(items: string[]): string[] | undefined {
  const given = items.map((item) => item.trim()).filter(Boolean);
  return given.length > 0 ? given : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is registered, as it would be typed. */
export function valuesOf(client: RegisteredClient): FieldValues {
  const registered = registration(client);
  const values: FieldValues = {};
  for (const field of clientFields) {
    const value = field.kind === 'flags' ? ticked(field, registered) : registered[field.name];
    if (value !== undefined) values[field.name] = typed(field, value);
  }
  return values;
}

const ticked = ({ options = [] }: ClientField, registered: Metadata) =>
  options.map(({ value }) => value).filter((name) => registered[name] ?? trueByDefault.includes(name));

function typed({ kind }: ClientField, value: unknown): string | string[] {
  if (kind === 'choices' || kind === 'flags') return [value].flat().map(String);
  if (kind === 'lines') return [value].flat().join('\n');
  return kind === 'json' ? JSON.stringify(value, null, 2) : String(value);
}

/**
 * What is registered, for people to read: only what is there, each with its label. Name and description stand above.
 */
export function describeClient(client: RegisteredClient): [label: string, text: string][] {
  const registered = registration(client);
  return clientFields.flatMap((field): [string, string][] => {
    const value = field.kind === 'flags' ? ticked(field, registered) : registered[field.name];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return [];
    return heading.includes(field.name) ? [] : [[field.label, inWords(field, value)]];
  });
}

const heading = ['client_name', 'description'];

function inWords({ kind, options = [] }: ClientField, value: unknown): string {
  if (kind === 'json') return JSON.stringify(value, null, 2);
  return [value]
    .flat()
    .map((each) => options.find((option) => option.value === each)?.label ?? String(each))
    .join('\n');
}

const registration = ({ metadata, client_name, description, access }: RegisteredClient): Metadata => ({
  ...metadata,
  client_name,
  description,
  access,
});

/** The first fault of each field, from `field[index]: what is wrong with it`. */
export function errorsFrom(faults: readonly string[]): FieldErrors {
  const errors: FieldErrors = {};
  for (const fault of faults) {
    const [, name = '', index, text = fault] = /^(\w+)(?:\[(\d+)\])?[^:]*: (.*)$/s.exec(fault) ?? [];
    const [where, about] = placeOf(name, index);
    errors[where] ??= about ? `${about}: ${text}` : text;
  }
  return errors;
}

/** At which field of the form a fault is shown, and of what part of it it is. */
function placeOf(name: string, index: string | undefined): [field: string, about?: string | undefined] {
  const field = clientFields.find((candidate) => candidate.name === name);
  if (field) {
    const line = field.kind === 'lines' && index !== undefined ? `, line ${Number(index) + 1}` : '';
    return [name, `${field.label}${line}`];
  }
  const flags = clientFields.find(
    ({ kind, options }) => kind === 'flags' && options?.some(({ value }) => value === name),
  );
  if (flags) return [flags.name, flags.options?.find(({ value }) => value === name)?.label];
  return name === 'client_id' ? [name, name] : ['form'];
}
