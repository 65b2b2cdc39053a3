# Build: docker build -t hushgate .
# The same sources and SOURCE_DATE_EPOCH give the same layers. Both architectures come from this file:
#   docker buildx build --platform linux/amd64,linux/arm64 .
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
ARG SOURCE_DATE_EPOCH=0
# One step, so that development dependencies never reach a layer. Without install scripts: the build
# needs none of them. What Node.js never loads goes, too: types, maps, documents; licenses stay.
RUN npm ci --ignore-scripts --no-audit --no-fund \
    && node node_modules/typescript/bin/tsc -p tsconfig.build.json \
    && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
    && rm -rf node_modules/.bin node_modules/.package-lock.json \
    && find node_modules dist -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \
        -o -iname 'README*' -o -iname 'CHANGELOG*' -o -iname 'HISTORY*' \) -delete \
    && find node_modules -type d \( -name test -o -name tests -o -name docs -o -name examples \
        -o -name benchmark -o -name benchmarks \) -prune -exec rm -rf {} + \
    && find node_modules dist -type d -empty -delete \
    && mkdir -p /out/app && mv dist node_modules package.json /out/app/ \
    && find /out -exec touch -h -d "@${SOURCE_DATE_EPOCH}" {} + \
    && rm -rf /src/* /root/.npm

FROM ${RUNTIME_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Hushgate" \
      org.opencontainers.image.description="A Kubernetes validating admission webhook that keeps Secrets secret" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# From the folder above, so that the time of /app itself comes along.
COPY --from=build /out/ /
ENV NODE_ENV=production
# By number, so that runAsNonRoot can be checked without looking into the image.
USER 65532:65532
WORKDIR /app
EXPOSE 8443 9090
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/bin/hushgate.js"]
CMD ["serve"]
