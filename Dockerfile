# The router alone: no embedded database, no sandbox bank, no demo.
# build:  docker build -t settlement-router .
# run:    docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -p 8080:8080 -p 8081:8081 --env-file router.env -v /etc/settle:/etc/settle:ro settlement-router
# The settings are in docs/operating/configuration.md; `… migrate` applies the schema first.
FROM eclipse-temurin:25-jdk AS build
WORKDIR /source
COPY . .
RUN ./mvnw -q -B -Dfast -Dmaven.test.skip=true package -pl router -am
# Beside the jars: Netty would unpack them to /tmp, where nothing may be run.
WORKDIR /source/native
RUN for archive in ../router/target/lib/netty-transport-native-epoll-*.jar; do \
      jar --extract --file "$archive" META-INF/native || exit 1; done

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --no-create-home settle
COPY --from=build /source/router/target/lib /source/router/target/router-*.jar /app/lib/
COPY --from=build /source/native/META-INF/native /app/native/
COPY --from=build /source/router/target/bom.json /app/
USER 10001
EXPOSE 8080 8081 5701
# With what is here for certain: a JVM. Its start costs 0.4 s of one processor, hence the interval.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["java", "-Xmx32m", "-XX:+UseSerialGC", \
  "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp", "/app/lib/*", "dev.settle.router.app.Main", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError", \
  "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "--add-modules", "java.se", \
  "--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED", "--add-opens", "java.base/java.lang=ALL-UNNAMED", \
  "--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens", "java.management/sun.management=ALL-UNNAMED", \
  "--add-opens", "jdk.management/com.sun.management.internal=ALL-UNNAMED", \
  "-Dhazelcast.logging.type=slf4j", "-Djava.library.path=/app/native", "-XX:-UsePerfData", "-cp", "/app/lib/*", "dev.settle.router.app.Main"]
CMD ["serve"]
