using System.Collections.Frozen;

namespace Storefront.Cache;

/// <summary>One reply of Redis or Valkey.</summary>
internal abstract record RespReply
{
    private RespReply() { }

    internal sealed record Text(string Value) : RespReply;

    internal sealed record Number(long Value) : RespReply;

    internal sealed record Nothing : RespReply;

    internal sealed record Many(IReadOnlyList<RespReply> Items) : RespReply;

    internal sealed record Error(string Message) : RespReply
    {
        /// <summary>
        /// Errors that say "not here, not now" rather than "wrong command": the endpoint has been fenced off, turned
        /// into a replica, or is not up yet. Another endpoint may serve the same command.
        /// </summary>
        private static readonly FrozenSet<string> Elsewhere = FrozenSet.Create(
            "READONLY",
            "NOREPLICAS",
            "NOAUTH",
            "NOPERM",
            "WRONGPASS",
            "MASTERDOWN",
            "LOADING"
        );

        public bool IsElsewhere => Elsewhere.Contains(Message.Split(' ', 2)[0]);
    }
}
