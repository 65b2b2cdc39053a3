import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Answer } from '../admission/answer.ts';
import type { AdmissionRequest } from '../admission/review.ts';
import { builtIn } from '../kubernetes/resources.ts';

/** Prometheus metrics. Every label is from a closed set: no namespace, no name, no user. */
export interface Metrics {
  observe(request: AdmissionRequest, answer: Answer, seconds: number): void;
  failed(request: AdmissionRequest): void;
  refused(problem: string): void;
  reloaded(what: Reloadable, success: boolean): void;
  certificateExpires(date: Date): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export type Reloadable = 'configuration' | 'certificate';

export function createMetrics(): Metrics {
  const registry = new Registry();
  const meters = createMeters(registry);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe(request, answer, seconds) {
      const { operation } = request;
      const kind = kindLabel(request);
      const { findings, unjudged } = answer.verdict;
      meters.requests.inc({ decision: decisionOf(answer), kind, operation });
      meters.duration.observe({ operation }, seconds);
      for (const { policy, mode, excuse = 'none' } of findings) {
        meters.findings.inc({ policy, mode, excuse });
      }
      for (const { policy, reason } of unjudged) {
        meters.unjudged.inc({ policy: policy === '' ? 'any' : policy, reason });
      }
    },
    failed(request) {
      const decision = 'error';
      const { operation } = request;
      meters.requests.inc({ decision, kind: kindLabel(request), operation });
      meters.unjudged.inc({ policy: 'any', reason: 'internal' });
    },
    refused(problem) {
      meters.refused.inc({ problem });
    },
    reloaded(what, success) {
      meters.reloads.inc({ what, result: success ? 'success' : 'failure' });
      meters.reloadOk.set({ what }, success ? 1 : 0);
    },
    certificateExpires(date) {
      meters.expiry.set(date.getTime() / 1000);
    },
  };
}

/** `allowed`, `warned` or `denied`; `passed` where nothing was judged. */
export function decisionOf({ pass, response }: Answer): string {
  if (pass !== undefined) return 'passed';
  if (!response.allowed) return 'denied';
  return response.warnings === undefined ? 'allowed' : 'warned';
}

// Kinds that are not built in come from the cluster's users, so they share one label.
function kindLabel({ group, kind }: AdmissionRequest): string {
  return builtIn(group, kind) === undefined ? 'other' : kind;
}

function createMeters(registry: Registry) {
  return { ...requestMeters([registry]), ...processMeters([registry]) };
}

function requestMeters(registers: Registry[]) {
  return {
    requests: new Counter({
      name: 'hushgate_admission_requests_total',
      help: 'Admission requests that were answered.',
      labelNames: ['decision', 'kind', 'operation'],
      registers,
    }),
    duration: new Histogram({
      name: 'hushgate_admission_duration_seconds',
      help: 'Time from the whole body to the answer.',
      labelNames: ['operation'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    findings: new Counter({
      name: 'hushgate_findings_total',
      help: 'Findings by policy, by what they led to and by why that is less than the mode says.',
      labelNames: ['policy', 'mode', 'excuse'],
      registers,
    }),
    unjudged: new Counter({
      name: 'hushgate_not_judged_total',
      help: 'What could not be judged, by policy and reason.',
      labelNames: ['policy', 'reason'],
      registers,
    }),
  };
}

function processMeters(registers: Registry[]) {
  return {
    refused: new Counter({
      name: 'hushgate_http_refused_total',
      help: 'HTTP requests that were no review this server could answer.',
      labelNames: ['problem'],
      registers,
    }),
    reloads: new Counter({
      name: 'hushgate_reloads_total',
      help: 'Reloads of the configuration and of the certificate.',
      labelNames: ['what', 'result'],
      registers,
    }),
    reloadOk: new Gauge({
      name: 'hushgate_last_reload_success',
      help: '1 when the last reload worked, 0 when the one before it is still in use.',
      labelNames: ['what'],
      registers,
    }),
    expiry: new Gauge({
      name: 'hushgate_certificate_expiry_timestamp_seconds',
      help: 'When the serving certificate expires.',
      registers,
    }),
  };
}
