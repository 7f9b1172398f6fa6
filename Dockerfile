# syntax=docker/dockerfile:1
# One file for every app: docker build --build-arg APP=finance --target app .
# and for the one-shot step of a release:            docker build --target provision .

FROM node:26.10.0-slim AS base
ENV CI=true TURBO_TELEMETRY_DISABLED=1
WORKDIR /gatehouse

# Only what the app needs of the checkout, so that a change elsewhere rebuilds nothing here.
FROM base AS pruned
ARG APP
COPY . .
RUN npx -y turbo@2.11.11 prune "@gatehouse/${APP}" --docker

FROM base AS built
ARG APP
RUN npm install --global pnpm@12.21.0
COPY --from=pruned /gatehouse/out/json/ ./
RUN pnpm install --frozen-lockfile
COPY --from=pruned /gatehouse/out/full/ ./
COPY scripts/keep-deployed.mjs scripts/
# Pruning drops the executable bit. What only development and building need does not go into the image.
RUN chmod +x packages/schema-engine/src/prisma-cli.ts \
  && pnpm --filter "@gatehouse/${APP}..." run --if-present generate \
  && find . -name node_modules -prune -exec rm -rf {} + \
  && node scripts/keep-deployed.mjs "@gatehouse/${APP}" \
  && pnpm install --frozen-lockfile --offline --prod --filter-prod "@gatehouse/${APP}..."

FROM base AS app
ARG APP
COPY --from=built /gatehouse ./
WORKDIR /gatehouse/apps/${APP}
USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/server.ts"]

# Needs the manifests and the migrations of every app.
FROM base AS provision
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile --prod --filter-prod "@gatehouse/provisioning..." --filter-prod "./apps/*"
USER node
ENV NODE_ENV=production
CMD ["node", "packages/provisioning/src/production/main.ts"]
