import assert from "node:assert/strict";
import { test } from "node:test";
import { block, control, entries, inline, reference, renderTemplate } from "./template.ts";

test("a template looks as a person would write it", () => {
  const text = renderTemplate({
    name: inline(".Release.Name"),
    labels: { [entries]: block('include "labels" .'), component: "agent" },
    annotations: control("with .Values.annotations", block("toYaml .")),
    items: [
      { key: "yes", script: "one\ntwo\n" },
      control("if .Values.more", ["more", inline(".Values.more")]),
      block("toYaml .Values.others"),
      [],
    ],
  });
  assert.equal(
    text,
    `name: {{ .Release.Name }}
labels:
  {{- include "labels" . | nindent 2 }}
  component: agent
{{- with .Values.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
items:
  - key: "yes"
    script: |
      one
      two
  {{- if .Values.more }}
  - more
  - {{ .Values.more }}
  {{- end }}
  {{- toYaml .Values.others | nindent 2 }}
  - []
`,
  );
});

test("what is no action of the chart stays text", () => {
  assert.equal(renderTemplate({ a: "{{ b }}" }), 'a: "{{ "{{" }} b }}"\n');
});

test("an action without a body leaves nothing", () => {
  assert.equal(
    renderTemplate({ a: control("if .x", null), b: [control("if .x", null), 1] }),
    "b:\n  - 1\n",
  );
});

test("a value whose key has a dash is asked for by index", () => {
  assert.equal(reference("jobs", "migrate", "env"), ".Values.jobs.migrate.env");
  assert.equal(reference("jobs", "load-data"), '(index .Values "jobs" "load-data")');
});
