# The simulator in a container:
#
#     docker build -t scope-simulator .
#     docker run --rm -p 127.0.0.1:7267:7267 scope-simulator
#
# docs/how-to/container.md says more.
FROM python:3.13-slim

WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY simulator simulator
COPY schemas schemas
COPY scenarios scenarios
COPY examples examples
RUN pip install --no-cache-dir --disable-pip-version-check .

RUN useradd --create-home scope
USER scope

EXPOSE 7267
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 7267), 2)"]

# It listens on all addresses of the container; what of that is seen outside is for `docker run -p` to say.
ENTRYPOINT ["scope-simulator"]
CMD ["serve", "--host", "0.0.0.0"]
