using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Belay.Connectors.Files;
using Belay.Connectors.HaProxy;
using Belay.Connectors.Http;
using Belay.Connectors.PostgreSql;
using Belay.Domain.Operations;

namespace Belay.Connectors;

/// <summary>The list of connectors: one line each. The operations of a connector are found by their files' static <c>Definition</c>.</summary>
public static class ConnectorList
{
    /// <summary>All connectors of this program.</summary>
    public static Catalog Load()
    {
        var operations = Discover()
            .ToLookup(o => o.Name[..o.Name.IndexOf('.', StringComparison.Ordinal)], StringComparer.Ordinal);
        return new Catalog([
            Of("evidence", "Signed attestations of other runs"),
            Of(
                "files",
                "Files of the machine that Belay runs on",
                ConnectionDefinition.Of<FilesSettings>(options => new FilesSettingsJson(options))
            ),
            Of(
                "haproxy",
                "HAProxy through its management sockets",
                ConnectionDefinition.Of<HaProxySettings>(options => new HaProxySettingsJson(options))
            ),
            Of(
                "http",
                "Services that speak HTTP",
                ConnectionDefinition.Of<HttpSettings>(options => new HttpSettingsJson(options))
            ),
            Of(
                "postgresql",
                "PostgreSQL databases",
                ConnectionDefinition.Of<PostgreSqlSettings>(options => new PostgreSqlSettingsContext(options))
            ),
            Of("process", "Services of the machine that Belay runs on, started from a command"),
            Of("redis", "Redis and Valkey servers", Redis.RedisSettings.Connection),
            Of("shell", "Commands and scripts, for work that no connector knows"),
        ]);

        Connector Of(string name, string summary, ConnectionDefinition? connection = null) =>
            new()
            {
                Name = name,
                Summary = summary,
                Connection = connection,
                Operations = [.. operations[name].OrderBy(o => o.Name, StringComparer.Ordinal)],
            };
    }

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026:RequiresUnreferencedCode",
        Justification = "The program that is trimmed keeps this assembly whole (TrimmerRootAssembly)."
    )]
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2070:DynamicallyAccessedMembers",
        Justification = "The program that is trimmed keeps this assembly whole (TrimmerRootAssembly)."
    )]
    private static IEnumerable<OperationDefinition> Discover() =>
        typeof(ConnectorList)
            .Assembly.GetTypes()
            .Select(type => type.GetProperty("Definition", BindingFlags.Public | BindingFlags.Static))
            .OfType<PropertyInfo>()
            .Where(property => property.PropertyType.IsAssignableTo(typeof(OperationDefinition)))
            .Select(property => (OperationDefinition)property.GetValue(null)!);
}
