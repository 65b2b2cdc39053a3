import { END, tokenRules, type TokenRule } from './rule.ts';

const GITLAB = [
  'pat',
  'dt',
  'rt',
  'rtr',
  'ptt',
  'ft',
  'cbt',
  'soat',
  'agent',
  'imt',
  'oas',
  'ffct',
];

/**
 * Tokens of code hosts and package registries.
 * @see https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 * @see https://docs.gitlab.com/security/tokens/#token-prefixes
 * @see https://docs.npmjs.com/about-access-tokens
 * @see https://pypi.org/help/#apitoken
 */
export const forgeRules: readonly TokenRule[] = [
  ...tokenRules(
    'github-token',
    'a GitHub token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    '[A-Za-z0-9]{36,255}',
  ),
  ...tokenRules(
    'github-token',
    'a GitHub personal access token',
    ['github_pa'],
    't_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}',
  ),
  ...tokenRules(
    'gitlab-token',
    'a GitLab token',
    GITLAB.map((type) => `gl${type}-`),
    '[A-Za-z0-9_-]{20,255}',
  ),
  ...tokenRules('npm-token', 'an npm token', ['npm_'], `[A-Za-z0-9]{36}${END}`),
  ...tokenRules('pypi-token', 'a PyPI token', ['pypi-Ag'], 'EIcHlwaS5vcmc[\\w-]{50,255}'),
];
