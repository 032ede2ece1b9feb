# syntax=docker/dockerfile:1
# The program in a small image: docker build -t tidemill .  (docs/guide/cloud.md)
# BUILD_BASE builds; BASE carries what runs and needs only libc, libstdc++ and libgcc: nothing is run in it.
ARG BUILD_BASE=debian:12
ARG BASE=debian:12-slim

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY . .
RUN ./dev setup && ./dev build && deploy/image_root.sh build/release /image

FROM ${BASE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Tidemill" \
      org.opencontainers.image.description="Spreadsheets of statistics offices, made tidy with proof, versioned, and served" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/opt/tidemill /opt/tidemill
COPY --from=build /image/usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build --chown=65532:65532 /image/data /data
ENV PATH=/opt/tidemill/bin:/usr/local/bin:/usr/bin:/bin \
    LD_LIBRARY_PATH=/opt/tidemill/deps \
    SSL_CERT_FILE=/opt/tidemill/certs/ca-certificates.crt \
    HOME=/data \
    TIDEMILL_STORE=/data/store
# Recipes lie in /opt/tidemill/recipes, so that a deployment's `recipes/ons/deaths-monthly.toml` is found from here.
WORKDIR /opt/tidemill
USER 65532:65532
VOLUME /data
EXPOSE 8000 4200
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["tidemill", "health"]
ENTRYPOINT ["tidemill"]
CMD ["serve", "/data/store", "--host", "0.0.0.0"]
