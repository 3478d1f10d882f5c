# UNTESTED: no image has been built from this file yet (docs/containers.md).
# Calls what `make` calls; nothing is installed here that tools/setup.sh and make build do not ask for.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /lesionqc
COPY . .
RUN tools/setup.sh
RUN make build

FROM swift:6.3-bookworm-slim
RUN apt-get update && \
    apt-get install -y --no-install-recommends libdnnl2 libgomp1 libpng16-16 libssl3 zlib1g && \
    rm -rf /var/lib/apt/lists/*
COPY --from=build /lesionqc/.build/release/lesionqc /usr/local/bin/lesionqc
COPY --from=build /lesionqc/templates /usr/local/share/lesionqc/templates
COPY --from=build /lesionqc/LICENSE /lesionqc/NOTICE /usr/local/share/lesionqc/
ENV LESIONQC_CONTAINER=docker:lesionqc
ENTRYPOINT ["lesionqc"]
