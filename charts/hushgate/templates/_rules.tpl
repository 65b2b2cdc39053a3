{{/* "true" when a policy is not off everywhere: dict "policy" (of files/policies.json) "config" .Values.config.
     YAML 1.1 makes false of a plain off, so both are read. */}}
{{- define "hushgate.isOn" -}}
{{- $id := .policy.id -}}
{{- $mode := index .policy.modes (.config.profile | default "baseline") -}}
{{- $own := dig "policies" $id dict .config -}}
{{- if hasKey $own "mode" -}}{{- $mode = toString $own.mode -}}{{- end -}}
{{- $modes := list $mode -}}
{{- range (.config.namespaces | default list) -}}
  {{- $overrides := .policies | default dict -}}
  {{- if hasKey $overrides $id -}}
    {{- $modes = append $modes (toString (get $overrides $id)) -}}
  {{- else if .profile -}}
    {{- $modes = append $modes (index $.policy.modes .profile) -}}
  {{- end -}}
{{- end -}}
{{- if without $modes "off" "false" -}}true{{- end -}}
{{- end -}}

{{/* The rules of one entry of the webhook as a YAML list: dict "root" $ "workloads" true|false. As
     webhookRules in src/admission/rules.ts: every kind and subresource of the policies that are on, one
     rule for each group and set of operations. */}}
{{- define "hushgate.rules" -}}
{{- $values := .root.Values -}}
{{- $workloads := .workloads -}}
{{- $custom := list -}}
{{- range $values.webhook.customWorkloads -}}
  {{- $custom = append $custom (dict "group" .group "resource" .resource "workload" true) -}}
{{- end -}}
{{- range $policy := .root.Files.Get "files/policies.json" | fromJsonArray -}}
  {{- range $policy.resources -}}
    {{- if and (not .workload) (has (dict "group" .group "resource" .resource "workload" true) $custom) -}}
      {{- fail (printf "webhook.customWorkloads: %s/%s is judged already; twice would split its findings" .group .resource) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $operations := dict -}}
{{- range $policy := .root.Files.Get "files/policies.json" | fromJsonArray -}}
  {{- if include "hushgate.isOn" (dict "policy" $policy "config" $values.config) -}}
    {{- range concat $policy.resources (ternary $custom list $policy.customWorkloads) -}}
      {{- if eq .workload $workloads -}}
        {{- $key := printf "%s %s" .group .resource -}}
        {{- $known := get $operations $key | default list -}}
        {{- $_ := set $operations $key (concat $known $policy.operations | uniq | sortAlpha) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $rules := dict -}}
{{- range $key := keys $operations | sortAlpha -}}
  {{- $group := index (splitList " " $key) 0 -}}
  {{- $resource := index (splitList " " $key) 1 -}}
  {{- $wanted := get $operations $key -}}
  {{- $id := printf "%s %s" $group (join "," $wanted) -}}
  {{- $rule := get $rules $id | default (dict "apiGroups" (list $group) "apiVersions" (list "*") "operations" $wanted "scope" "*" "resources" list) -}}
  {{- $_ := set $rule "resources" (append $rule.resources $resource) -}}
  {{- $_ := set $rules $id $rule -}}
{{- end -}}
{{- $all := list -}}
{{- range keys $rules | sortAlpha -}}
  {{- $all = append $all (get $rules .) -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}
