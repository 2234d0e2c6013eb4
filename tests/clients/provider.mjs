// A real OpenID provider for tests: node provider.mjs CLIENT_ID SECRET REDIRECT_URI [userinfo]
// Prints its issuer address, then serves until it is stopped. Whoever comes is who `login_hint` says.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [clientId, secret, redirectUri, userInfo] = process.argv.slice(2);

const people = {
  ada: { sub: "ada", name: "Ada Lovelace", email: "Ada@uni.example", email_verified: true },
  bob: { sub: "bob", name: "Bob", email: "bob@uni.example", email_verified: false },
  new: { sub: "new", name: "Neele Neu", email: "neele@uni.example", email_verified: true },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: secret,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: userInfo === "userinfo",
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => ({ accountId: id, claims: () => people[id] }),
    interactions: { url: (_, interaction) => `/who/${interaction.uid}` },
    pkce: { required: () => true },
    cookies: { keys: ["only for tests"] },
  });
  provider.on("server_error", (_, error) => console.error(error));
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/who/")) return answer(request, response);
    const { prompt, params } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") {
      const login = { accountId: params.login_hint };
      return provider.interactionFinished(request, response, { login });
    }
    const grant = new provider.Grant({ accountId: params.login_hint, clientId });
    grant.addOIDCScope(params.scope);
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent });
  });
  console.log(issuer);
});
