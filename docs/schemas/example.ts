// Reads the results of a study and tells what is lacking: tsc --strict --noEmit example.ts
import type { AssessmentFile, Problem, ResidentsFile, ResultFiles, ResultsFormat } from "./v1/lifecircle";

const FORMAT: ResultsFormat = 1;

/** Services that cover less than half of the residents for certain, worst first. */
export function worst(file: AssessmentFile): string[] {
  if (file.format !== FORMAT) {
    throw new Error(`these results are of format ${file.format}`);
  }
  const share = (at: number) => file.assessment.services[at]?.coverage?.strict.share ?? null;
  return file.assessment.services
    .map((service, at) => ({ name: service.en, share: share(at) }))
    .filter((row): row is { name: string; share: number } => row.share !== null && row.share < 0.5)
    .sort((a, b) => a.share - b.share)
    .map((row) => `${row.name}: ${(100 * row.share).toFixed(1)} %`);
}

/** Residents who are farther from a service than a number of metres. */
export function farther(file: ResidentsFile, service: string, metres: number): number {
  return file.features
    .filter(({ properties }) => {
      const walk = properties[`${service}_m`];
      return walk !== undefined && (walk === null || walk > metres);
    })
    .reduce((people, { properties }) => people + properties.people, 0);
}

/** How many problems there are because something is in the way. */
export function behindBarriers(problems: Problem[]): number {
  return problems.filter((problem) => problem.cause === "barrier").length;
}

/** Gaps of a kind, in rows that a CSV reader has made. */
export function gaps(rows: ResultFiles["gaps.csv"], cause: "distance" | "unreachable"): number {
  return rows.filter((row) => row.cause === cause).reduce((people, row) => people + row.people, 0);
}
