/**
 * Every form in which each option of the programs can be written. Run by itself, it prints a row
 * for each with what the command line parser makes of it.
 *
 * @module
 */

import type { UsageError } from "../../lib/errors.ts";
import { parseCommandLine } from "../../lib/cli/options.ts";
import { CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { SERVER_SPEC } from "../../lib/cli/server_spec.ts";
import {
  COMMON_OPTIONS,
  listSpellings,
  type OptionSpec,
  type ProgramSpec,
} from "../../lib/cli/spec.ts";

/** One option, written in one form. */
export interface OptionForm {
  readonly spec: ProgramSpec;
  readonly args: readonly string[];
  /** What it means: the option's value, or whether the switch is on; or the error's message. */
  readonly means: { readonly [name: string]: string | boolean } | { readonly error: string };
}

/** The programs and their commands. */
const SPECS: readonly ProgramSpec[] = [SERVER_SPEC, CLIENT_SPEC].flatMap((spec) => [
  spec as ProgramSpec,
  ...spec.commands!.map(({ spec }) => spec as ProgramSpec),
]);

/** Lists the forms of all options of all programs. */
export function listOptionForms(): OptionForm[] {
  return SPECS.flatMap((spec) =>
    [...spec.options, ...COMMON_OPTIONS].flatMap((option) => {
      const forms = option.value === undefined ? switchForms(option) : valueForms(option);
      // Where "no-x" is an option of its own, its forms are not unknown ones of x.
      const others = spec.options.filter((each) => each !== option).flatMap(listSpellings);
      return forms.filter(([[arg]]) => !others.includes(arg!.replace(/=.*$/, "")))
        .map(([args, means]) => ({ spec, args, means }));
    })
  );
}

type Form = readonly [args: readonly string[], means: OptionForm["means"]];

function valueForms({ name, short, value }: OptionSpec): Form[] {
  const long = `--${name}`;
  const means = (text: string) => ({ [name]: text });
  const lacks = { error: `Option ${long} needs a value: ${value}` };
  const texts = ["v", "-", "--", "-x", "true", "false", "=v", "a b", "room2", "/a/b", "é"];
  const spellings = short === undefined ? [long] : [long, `-${short}`];
  return [
    ...texts.map((text): Form => [[`${long}=${text}`], means(text)]),
    ...spellings.flatMap((spelling): Form[] => [
      ...["v", "-", "true", "false", "=v", "a b"].map((text): Form => {
        return [[spelling, text], means(text)];
      }),
      ...[[], [""], ["--"], ["--", "v"]].map((rest): Form => [[spelling, ...rest], lacks]),
      ...[[], ["v"]].map((rest): Form => [[`${spelling}=`, ...rest], lacks]),
    ]),
    ...short === undefined ? [] : [
      ...["v", "-v", "true", "room2", "/a/b"].map((text): Form => {
        return [[`-${short}${text}`], means(text)];
      }),
      ...["v", "=v", "-"].map((text): Form => [[`-${short}=${text}`], means(text)]),
    ],
    [[`--no-${name}`], unknown(`--no-${name}`)],
    [[`--no-${name}=v`], unknown(`--no-${name}=v`)],
    [[`${long}.x=v`], unknown(`${long}.x=v`)],
    [[`-${long}`], unknown(`-${long}`)],
  ];
}

function switchForms(option: OptionSpec): Form[] {
  const { name, short } = option;
  const known = listSpellings(option);
  const isOn = (spelling: string) => !option.isSettable || spelling === `--${name}`;
  const values = ["", "true", "false", "v"];
  return [
    ...[`--${name}`, `--no-${name}`].flatMap((spelling): Form[] => {
      const refused = { error: `Option ${spelling} takes no value` };
      if (!known.includes(spelling)) {
        const forms = ["", ...values.map((value) => `=${value}`)];
        return forms.map((form) => [[spelling + form], unknown(spelling + form)]);
      }
      return [
        [[spelling], { [name]: isOn(spelling) }],
        ...values.map((value): Form => [[`${spelling}=${value}`], refused]),
      ];
    }),
    ...short === undefined ? [] : [
      [[`-${short}`], { [name]: true }] as const,
      ...values.map((value): Form => {
        return [[`-${short}=${value}`], { error: `Option --${name} takes no value` }];
      }),
      [[`-${short}x`], unknown(`-${short}x`)] as const,
      [[`-${short}1`], unknown(`-${short}1`)] as const,
    ],
  ];
}

function unknown(arg: string): { readonly error: string } {
  return { error: `Unknown option: ${arg}` };
}

/** What comes of a form, behind the right number of arguments. */
function describeOutcome({ spec, args }: OptionForm): string {
  try {
    const line = parseCommandLine(spec, [...spec.args.map((_, i) => `${i}`), ...args]);
    if (typeof line === "string") return `0 ${JSON.stringify(line)}`;
    return `0 ${JSON.stringify([line.args, ...line.values, ...line.switches])}`;
  } catch (error) {
    const { message, hint } = error as UsageError;
    return `2 ${JSON.stringify([message, hint])}`;
  }
}

if (import.meta.main) {
  for (const form of listOptionForms()) {
    const { spec, args } = form;
    console.log(`${JSON.stringify([spec.name, ...args])} -> ${describeOutcome(form)}`);
  }
}
