using System.Collections.Immutable;
using Belay.Connectors.Redis;
using Belay.Domain.Contract;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

/// <summary>An authority of one's own, certificates of it for an old and a new server, and the way into the old one: by TLS and as a named user.</summary>
internal sealed class RedisTls : IDisposable
{
    private const string User = "upgrade";
    private readonly TestAuthority authority = new();
    private readonly TestFolder folder = new();
    private readonly int port = FreePort.Take();

    public RedisTls()
    {
        Ca = folder.Write("ca.pem", authority.Pem);
        Own = Write("new");
        using var other = new TestAuthority("Another Authority");
        OtherCa = folder.Write("other.pem", other.Pem);
    }

    /// <summary>The authority's file.</summary>
    public string Ca { get; }

    /// <summary>The file of an authority that signed nothing here.</summary>
    public string OtherCa { get; }

    /// <summary>The new server's certificate and key.</summary>
    public (string Certificate, string Key) Own { get; }

    public RedisSettings Settings =>
        new()
        {
            Host = "127.0.0.1",
            Port = port,
            User = User,
            Password = new Secret(RedisPair.Password),
            Tls = true,
            TlsCa = Ca,
        };

    public ImmutableArray<string> OldConfiguration
    {
        get
        {
            var (certificate, key) = Write("old");
            return
            [
                $"tls-port {port}",
                $"tls-cert-file {certificate}",
                $"tls-key-file {key}",
                $"tls-ca-cert-file {Ca}",
                "tls-auth-clients optional",
                $"user {User} on \">{RedisPair.Password}\" ~* &* +@all",
            ];
        }
    }

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    private (string Certificate, string Key) Write(string name)
    {
        var issued = authority.Issue();
        return (folder.Write($"{name}.pem", issued.Certificate), folder.Write($"{name}.key", issued.Key));
    }
}
