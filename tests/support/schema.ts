/**
 * As much of JSON Schema as docs/json-schema.json uses.
 *
 * @module
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */

import schema from "../../docs/json-schema.json" with { type: "json" };

/** A schema, as far as it is known here. */
interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, Schema>>;
const KEYWORDS = [
  ...["$ref", "anyOf", "type", "const", "enum", "minLength", "maxLength"],
  ...["properties", "required", "items"],
];

/** Whether a value is an input or an output of `--json`. */
export function isValid(value: unknown, name: "input" | "output"): boolean {
  return fits(value, DEFINITIONS[name]!);
}

/** The types of inputs or outputs that the schema has. */
export function typesOf(name: "input" | "output"): string[] {
  const types = DEFINITIONS[name]!.anyOf!.map(({ properties }) => properties!.type!);
  return types.flatMap((type) => (type.enum ?? [type.const]) as string[]).sort();
}

function fits(value: unknown, schema: Schema): boolean {
  const unknown = Object.keys(schema).find((keyword) => !KEYWORDS.includes(keyword));
  if (unknown !== undefined) throw new Error(`Not a keyword that is known here: ${unknown}`);
  if (schema.$ref !== undefined) return fits(value, DEFINITIONS[schema.$ref.split("/").at(-1)!]!);
  if (schema.anyOf && !schema.anyOf.some((each) => fits(value, each))) return false;
  if (schema.type && ![schema.type].flat().some((type) => hasType(value, type as string))) {
    return false;
  }
  if ("const" in schema && value !== schema.const) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === "string") {
    const { minLength = 0, maxLength = Infinity } = schema;
    if (value.length < minLength || value.length > maxLength) return false;
  }
  if (schema.items && !(value as unknown[]).every((each) => fits(each, schema.items!))) {
    return false;
  }
  if (typeof value !== "object" || value === null) return true;
  const has = (key: string) => Object.hasOwn(value, key);
  if (!(schema.required ?? []).every(has)) return false;
  return Object.entries(schema.properties ?? {}).every(([key, property]) =>
    !has(key) || fits((value as Record<string, unknown>)[key], property)
  );
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    default:
      throw new Error(`Not a type that is known here: ${type}`);
  }
}
