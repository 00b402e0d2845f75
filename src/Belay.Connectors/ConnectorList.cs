using Belay.Connectors.Files;
using Belay.Connectors.HaProxy;
using Belay.Connectors.Http;
using Belay.Connectors.PostgreSql;
using Belay.Connectors.S3;
using Belay.Domain.Operations;

namespace Belay.Connectors;

/// <summary>The list of connectors: one line each. The list of a connector's operations is written by the compiler, from its files' static <c>Definition</c>.</summary>
public static class ConnectorList
{
    /// <summary>All connectors of this program.</summary>
    public static Catalog Load() =>
        new([
            Of(
                "elasticsearch",
                "Clusters of Elasticsearch and OpenSearch",
                Elasticsearch.OperationList.All(),
                ConnectionDefinition.Of<Elasticsearch.ElasticsearchSettings>(
                    options => new Elasticsearch.ElasticsearchSettingsJson(options)
                )
            ),
            Of("evidence", "Signed attestations of other runs", Evidence.OperationList.All()),
            Of(
                "files",
                "Files of the machine that Belay runs on",
                Files.OperationList.All(),
                ConnectionDefinition.Of<FilesSettings>(options => new FilesSettingsJson(options))
            ),
            Of("git", "Checkouts of git", Git.OperationList.All()),
            Of(
                "haproxy",
                "HAProxy through its management sockets",
                HaProxy.OperationList.All(),
                ConnectionDefinition.Of<HaProxySettings>(options => new HaProxySettingsJson(options))
            ),
            Of(
                "http",
                "Services that speak HTTP",
                Http.OperationList.All(),
                ConnectionDefinition.Of<HttpSettings>(options => new HttpSettingsJson(options))
            ),
            Of("logs", "Log files of the machine that Belay runs on", Logs.OperationList.All()),
            Of(
                "mongodb",
                "MongoDB databases",
                MongoDb.OperationList.All(),
                ConnectionDefinition.Of<MongoDb.MongoDbSettings>(options => new MongoDb.MongoDbSettingsJson(options))
            ),
            Of("nginx", "nginx on the machine that Belay runs on", Nginx.OperationList.All()),
            Of(
                "oci",
                "Registries of container images",
                Oci.OperationList.All(),
                ConnectionDefinition.Of<Oci.OciSettings>(options => new Oci.OciJson(options))
            ),
            Of("opentofu", "Infrastructure by OpenTofu or Terraform", OpenTofu.OperationList.All()),
            Of(
                "postgresql",
                "PostgreSQL databases",
                PostgreSql.OperationList.All(),
                ConnectionDefinition.Of<PostgreSqlSettings>(options => new PostgreSqlSettingsContext(options))
            ),
            Of(
                "process",
                "Services of the machine that Belay runs on, started from a command",
                Process.OperationList.All()
            ),
            Of("redis", "Redis and Valkey servers", Redis.OperationList.All(), Redis.RedisSettings.Connection),
            Of(
                "s3",
                "Buckets of S3 services",
                S3.OperationList.All(),
                ConnectionDefinition.Of<S3Settings>(options => new S3SettingsJson(options))
            ),
            Of("shell", "Commands and scripts, for work that no connector knows", Shell.OperationList.All()),
            Of(
                "ssh",
                "Servers reached over SSH",
                Ssh.OperationList.All(),
                ConnectionDefinition.Of<Ssh.SshSettings>(options => new Ssh.SshJson(options))
            ),
        ]);

    private static Connector Of(
        string name,
        string summary,
        OperationDefinition[] operations,
        ConnectionDefinition? connection = null
    ) =>
        new()
        {
            Name = name,
            Summary = summary,
            Connection = connection,
            Operations = [.. operations.OrderBy(operation => operation.Name, StringComparer.Ordinal)],
        };
}
