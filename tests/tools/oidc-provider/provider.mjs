// An OpenID Provider of another make, with the parameters of OIDC Sweden: provider.mjs PORT CLIENT_ID REDIRECT_URI JWKS_URI.
// PUT /person/NUMBER says who is at the e-ID; GET /shown gives the sign message of the last request.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, clientId, redirectUri, jwksUri] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const NUMBER = 'https://id.oidc.se/claim/personalIdentityNumber';
const LEVEL = 'http://id.elegnamnden.se/loa/1.0/loa3';
const people = {
  189001019802: { name: 'Åsa Öberg', given_name: 'Åsa', family_name: 'Öberg' },
  189001029819: { name: 'Björn Lindström', given_name: 'Björn', family_name: 'Lindström' },
};
let person = '189001019802';
let shown = '';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const provider = new Provider(issuer, {
  clients: [{
    client_id: clientId,
    application_type: 'native',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    request_object_signing_alg: 'ES256',
    jwks_uri: jwksUri,
  }],
  jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256', kid: 'one' }] },
  // The client's keys are on this machine, which the provider's own fetch refuses.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  scopes: ['openid', 'https://id.oidc.se/scope/signApproval'],
  claims: {
    openid: ['sub'],
    acr: null,
    auth_time: null,
    'https://id.oidc.se/scope/naturalPersonNumber': [NUMBER],
    'https://id.oidc.se/scope/naturalPersonInfo': ['name', 'given_name', 'family_name'],
  },
  acrValues: [LEVEL],
  conformIdTokenClaims: false,
  // The Swedish profile's longest.
  ttl: { IdToken: 300 },
  clientAuthMethods: ['private_key_jwt'],
  extraParams: ['https://id.oidc.se/param/signRequest'],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    requestObjects: {
      enabled: true,
      requireSignedRequestObject: true,
      assertJwtClaimsAndHeader: (_, claims) => {
        const { sign_message } = claims['https://id.oidc.se/param/signRequest'];
        shown = Buffer.from(sign_message['message#sv'], 'base64').toString();
      },
    },
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, [NUMBER]: person, ...people[person] }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['only for tests'] },
});
provider.on('server_error', (_, error) => console.error(error));
for (const event of ['authorization.error', 'grant.error']) provider.on(event, (_, error) => console.error(event, error.error, error.error_description, error.error_detail));

const serve = provider.callback();
createServer(async (request, response) => {
  if (request.url.startsWith('/person/')) {
    person = request.url.slice('/person/'.length);
    response.end();
  } else if (request.url === '/shown') {
    response.end(shown);
  } else if (request.url.startsWith('/interaction/')) {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    const result = prompt.name === 'login' ? { login: { accountId: 'pseudonym', acr: LEVEL } } : { consent: await consent(params, prompt, session) };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  } else {
    serve(request, response);
  }
}).listen(Number(port), '127.0.0.1', () => console.log(issuer));

async function consent(params, { details }, { accountId }) {
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  grant.addOIDCClaims(details.missingOIDCClaims ?? []);
  return { grantId: await grant.save() };
}
