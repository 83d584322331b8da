/** Where CI systems say which page shows the run; GitHub Actions says it in three parts. */
const variables = ["CI_JOB_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL", "BUILD_URL"];

/**
 * The page of the CI run that a process is part of, without credentials or query, or undefined when
 * no CI runs it. Known are GitHub Actions, GitLab (CI_JOB_URL), Buildkite, CircleCI and Jenkins
 * (BUILD_URL).
 *
 * @param environment the process's environment
 */
export function runUrl(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
  const github =
    GITHUB_RUN_ID && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  return [github, ...variables.map((name) => environment[name])]
    .map((text) => pageOf(text ?? ""))
    .find((page) => page !== undefined);
}

function pageOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname } = new URL(text);
  return /^https?:$/.test(protocol) ? `${protocol}//${host}${pathname}` : undefined;
}
