using System.Collections.Immutable;

namespace Belay.Connectors.Redis.Wire;

/// <summary>One reply (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec). Text holds one character a byte (Latin-1), so that binary values survive.</summary>
internal abstract record RespReply
{
    private RespReply() { }

    /// <summary>A simple or a bulk string.</summary>
    public sealed record Text(string Value) : RespReply;

    /// <summary>An integer.</summary>
    public sealed record Number(long Value) : RespReply;

    /// <summary>A null.</summary>
    public sealed record Nothing : RespReply;

    /// <summary>An array.</summary>
    public sealed record Many(ImmutableArray<RespReply> Items) : RespReply;

    /// <summary>An error; its first word is the code.</summary>
    public sealed record Error(string Message) : RespReply
    {
        public string Code => Message.Split(' ', 2)[0];
    }

    /// <summary>The one value of <see cref="Nothing"/>.</summary>
    public static RespReply Null { get; } = new Nothing();

    public string AsText() =>
        this switch
        {
            Text text => text.Value,
            Number number => $"{number.Value}",
            _ => throw new FormatException($"a text was expected, not {GetType().Name}"),
        };

    public long AsNumber() =>
        this switch
        {
            Number number => number.Value,
            Text text => long.Parse(text.Value),
            _ => throw new FormatException($"a number was expected, not {GetType().Name}"),
        };

    public ImmutableArray<RespReply> AsMany() =>
        this is Many many ? many.Items : throw new FormatException($"a list was expected, not {GetType().Name}");

    public ImmutableArray<string> AsTexts() => [.. AsMany().Select(item => item.AsText())];
}
