/** Something of Grafana's packages that another version has otherwise, and that is used. */
export interface Finding {
  /** Name of the package. */
  readonly package: string;
  readonly what: 'Removed' | 'Changed';
  /** Such as `BackendSrv.chunked`. */
  readonly name: string;
  /** File and line. */
  readonly place: string;
}

/** Findings that do no harm, by name, each with the reason. */
const HARMLESS: Readonly<Record<string, string>> = {
  DataSourceConfigValidationAPI:
    'the type of a property that older Grafanas do not hand to the config editor: nothing of it is called there',
};

/** The findings that levitate prints. A change whose two forms read alike is counted by it, and not printed. */
export function readFindings(text: string): Finding[] {
  const findings: Finding[] = [];
  let compared = '';
  for (const line of text.split('\n')) {
    const [, name] = /^Comparing (@?[^@]+)@/.exec(line) ?? [];
    compared = name ?? compared;
    const [, what, symbol, place] =
      /^\d+\) (Removed|Changed) `([^`]+)` used in `[^`]*?((?:src\/)[^`]+)`/.exec(line) ?? [];
    if (what && symbol && place) {
      findings.push({ package: compared, what: what as Finding['what'], name: symbol, place });
    }
  }
  return findings;
}

/** Why a finding does no harm; undefined: it may. */
export function whyHarmless({ name }: Finding): string | undefined {
  return HARMLESS[name.split('.')[0]!];
}
