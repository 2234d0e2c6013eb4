// Receive a badge with the openid4vc client library, as its documentation says.
// Usage: node openid4vc.mjs OFFER [--tx CODE] [--batch N] [--dpop] [--key jwk|did] [--details]
import { createHash, randomBytes } from 'node:crypto'
import { clientAuthenticationNone } from '@openid4vc/oauth2'
import { AuthorizationFlow, Openid4vciClient } from '@openid4vc/openid4vci'
import { createHolder, options, report } from './holder.mjs'

const asked = options(process.argv)
const holder = await createHolder()
const batch = await Promise.all(Array.from({ length: Number(asked.batch ?? 1) }, () => createHolder()))
const keys = new Map([holder, ...batch].map((one) => [JSON.stringify(one.publicJwk), one]))

const callbacks = {
  fetch: (url, init) => {
    process.stderr.write(`${init?.method ?? 'GET'} ${url}\n`)
    return fetch(url, init)
  },
  hash: (data, alg) => createHash(alg.replace('-', '')).update(data).digest(),
  generateRandom: (bytes) => randomBytes(bytes),
  signJwt: async (signer, { header, payload }) => {
    const one =
      signer.method === 'did'
        ? [...keys.values()].find((key) => key.kid === signer.didUrl)
        : [...keys.values()].find((key) => key.publicJwk.x === signer.publicJwk.x)
    return { jwt: await one.sign(header, payload), signerJwk: one.publicJwk }
  },
  clientAuthentication: clientAuthenticationNone({ clientId: 'wallet' }),
}
const client = new Openid4vciClient({ callbacks })
const credentialOffer = await client.resolveCredentialOffer(asked.uri)
const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer)
const [credentialConfigurationId] = credentialOffer.credential_configuration_ids
const bound = asked.dpop
  ? { signer: { method: 'jwk', alg: 'ES256', publicJwk: holder.publicJwk } }
  : undefined

async function throughTheBrowser() {
  const redirectUri = 'https://wallet.example/callback'
  const details = asked.details
    ? [{ type: 'openid_credential', credential_configuration_id: credentialConfigurationId }]
    : undefined
  const started = await client.initiateAuthorization({
    credentialOffer,
    issuerMetadata,
    clientId: 'wallet',
    redirectUri,
    scope: details
      ? undefined
      : issuerMetadata.credentialIssuer.credential_configurations_supported[
          credentialConfigurationId
        ].scope,
    additionalRequestPayload: details ? { authorization_details: JSON.stringify(details) } : {},
  })
  if (started.authorizationFlow !== AuthorizationFlow.Oauth2Redirect) throw new Error('no redirect')
  const answer = await fetch(started.authorizationRequestUrl, { redirect: 'manual' })
  const url = answer.headers.get('location')
  const { code } = client.parseAndVerifyAuthorizationResponseRedirectUrl({
    url,
    authorizationServerMetadata: issuerMetadata.authorizationServers[0],
  })
  return client.retrieveAuthorizationCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    authorizationCode: code,
    pkceCodeVerifier: started.pkce?.codeVerifier,
    redirectUri,
    dpop: bound,
  })
}

const { accessTokenResponse, dpop } = credentialOffer.grants.authorization_code
  ? await throughTheBrowser()
  : await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer,
      issuerMetadata,
      txCode: asked.tx,
      dpop: bound,
    })

const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata })
const jwt = []
for (const one of batch) {
  const signer =
    asked.key === 'jwk'
      ? { method: 'jwk', alg: one.alg, publicJwk: one.publicJwk }
      : { method: 'did', alg: one.alg, didUrl: one.kid }
  const proof = await client.createCredentialRequestJwtProof({
    issuerMetadata,
    credentialConfigurationId,
    nonce,
    issuedAt: new Date(),
    signer,
  })
  jwt.push(proof.jwt)
}

const identifier = accessTokenResponse.authorization_details?.[0]?.credential_identifiers?.[0]
const wanted = { issuerMetadata, accessToken: accessTokenResponse.access_token, dpop }
async function retrieve() {
  if (!identifier) {
    return (
      await client.retrieveCredentials({ ...wanted, credentialConfigurationId, proofs: { jwt } })
    ).credentialResponse
  }
  // The convenience call knows configurations only: with identifiers one asks by hand.
  const answer = await callbacks.fetch(issuerMetadata.credentialIssuer.credential_endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${accessTokenResponse.access_token}`,
    },
    body: JSON.stringify({ credential_identifier: identifier, proofs: { jwt } }),
  })
  return answer.json()
}

let response = await retrieve()
const deferred = Boolean(response.transaction_id)
while (response.transaction_id) {
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const again = await client.retrieveDeferredCredentials({
    ...wanted,
    transactionId: response.transaction_id,
  })
  response = again.deferredCredentialResponse
}
if (response.notification_id) {
  await client.sendNotification({
    ...wanted,
    notification: { notificationId: response.notification_id, event: 'credential_accepted' },
  })
}
report({
  draft: issuerMetadata.originalDraftVersion,
  credentials: response.credentials.map((one) => one.credential ?? one),
  notified: Boolean(response.notification_id),
  deferred,
  tokenType: accessTokenResponse.token_type,
  holders: batch.map((one) => one.did),
})
