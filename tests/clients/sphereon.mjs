// Receive a badge with the Sphereon client library: draft 15, the appended well-known path,
// one `proof` at a time.
// Usage: node sphereon.mjs OFFER [--tx CODE]
import { OpenID4VCIClientV1_0_15 } from '@sphereon/oid4vci-client'
import { createHolder, options, report } from './holder.mjs'

const asked = options(process.argv)
const holder = await createHolder()
const client = await OpenID4VCIClientV1_0_15.fromURI({
  uri: asked.uri,
  kid: holder.kid,
  alg: holder.alg,
  clientId: 'wallet',
  retrieveServerMetadata: true,
})
await client.acquireAccessToken(asked.tx ? { pin: asked.tx } : {})
const offered = client.credentialOffer.credential_offer
const [id] = offered.credential_configuration_ids
const answer = await client.acquireCredentials({
  credentialIdentifier: undefined,
  credentialConfigurationId: id,
  proofCallbacks: {
    signCallback: ({ header, payload }) =>
      holder.sign({ ...header, alg: holder.alg, kid: holder.kid }, payload),
  },
  format: asked.format,
  alg: holder.alg,
  kid: holder.kid,
})
report({
  credentials: (answer.credentials ?? [{ credential: answer.credential }]).map((one) => one.credential),
  holders: [holder.did],
})
