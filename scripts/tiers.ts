// Printed after `npm test`, so that nobody takes it for everything.
console.log(`
Further tiers:
  npm run test:browser       the HTML report in a real browser: needs Chromium
  npm run test:integration   a real kube-apiserver on this machine: needs KUBEBUILDER_ASSETS, a folder
                             with kube-apiserver, etcd, kube-controller-manager and kubectl; bash, ps
  npm run test:pipelines     the pre-commit hook and the GitHub Action, installed as their users have
                             them: needs git, pre-commit and an npm registry
  npm run test:e2e           the chart and the image on a kind cluster that it makes and removes: needs
                             docker, kind, helm and kubectl
`);
