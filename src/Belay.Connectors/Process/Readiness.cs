using System.Collections.Immutable;
using System.Net.Sockets;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Process;

/// <summary>How a service shows that it is ready. Exactly one of the three ways is given.</summary>
public sealed record Readiness
{
    /// <summary>A URL that answers with a status from 200 to 299.</summary>
    public string? Http { get; init; }

    /// <summary>An address, <c>host:port</c>, that accepts a connection.</summary>
    public string? Tcp { get; init; }

    /// <summary>A command that ends with 0; it must only read.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Within which time after its start. Default 30 seconds.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(30);

    internal static IEnumerable<InputProblem> Problems(Readiness ready)
    {
        var ways = (ready.Http is null ? 0 : 1) + (ready.Tcp is null ? 0 : 1) + (ready.Command.IsEmpty ? 0 : 1);
        if (ways != 1)
            yield return new InputProblem("ready", "give exactly one of http, tcp and command");
        if (
            ready.Http is { } url
            && !(
                Uri.TryCreate(url, UriKind.Absolute, out var uri)
                && uri is { Scheme: "http" or "https", UserInfo.Length: 0 }
            )
        )
            yield return new InputProblem(
                "ready.http",
                $"{url} is no URL: write http://host:port/path, without a user"
            );
        if (ready.Tcp is { } address && Address(address) is null)
            yield return new InputProblem("ready.tcp", $"{address} is no address: write host:port");
    }

    /// <summary>Where the service is reached, <c>host:port</c>; null when only a command knows. May hold references that only the run resolves.</summary>
    internal string? Place =>
        Http is { } url && url.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme
            ? url[(scheme + 3)..].Split('/', '?', '#')[0]
            : Tcp;

    /// <summary>The two parts of an address; null when it has not both.</summary>
    internal static (string Host, int Port)? Address(string address) =>
        address.LastIndexOf(':') is > 0 and var colon
        && int.TryParse(address.AsSpan(colon + 1), out var port)
        && port is > 0 and <= 65535
            ? (address[..colon].Trim('[', ']'), port)
            : null;
}

/// <summary>Asks a service whether it is ready; whatever goes wrong means that it is not yet.</summary>
internal sealed class ReadinessProbe(Readiness ready, IScope scope, string folder)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(AnswerLimit, scope.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            return ready switch
            {
                { Http: { } url } => await AnswersAsync(url, limit.Token),
                { Tcp: { } address } => await AcceptsAsync(address, limit.Token),
                _ => await SucceedsAsync(ct),
            };
        }
        catch (Exception e)
            when (e is HttpRequestException or SocketException
                || (e is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(string url, CancellationToken ct)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, ct);
        return answer.IsSuccessStatusCode;
    }

    private static async Task<bool> AcceptsAsync(string address, CancellationToken ct)
    {
        var (host, port) = Readiness.Address(address)!.Value;
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, ct);
        return true;
    }

    private async Task<bool> SucceedsAsync(CancellationToken ct)
    {
        var command = new Command
        {
            Program = ready.Command[0],
            Arguments = ready.Command[1..],
            Folder = folder,
            Limit = AnswerLimit,
        };
        try
        {
            return (await scope.Commands.RunAsync(command, null, ct)).ExitCode == 0;
        }
        catch (OperationException e) when (e.Kind == FailureKind.OutcomeUnknown && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
