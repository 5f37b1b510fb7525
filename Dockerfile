# oasguard and nothing else: a static program on an empty image, which runs as nobody and needs to write nowhere.
#
#   docker build --tag oasguard .
#   docker run --rm --network none --volume "$PWD:/api:ro" oasguard lint
FROM rust:1.95-alpine@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS build
# hadolint ignore=DL3018
RUN apk add --no-cache musl-dev
WORKDIR /source
COPY . .
RUN cargo install --locked --path . --root /built

FROM scratch
COPY --from=build /built/bin/oasguard /oasguard
COPY LICENSE-APACHE LICENSE-MIT /
USER 65534:65534
WORKDIR /api
ENTRYPOINT ["/oasguard"]
