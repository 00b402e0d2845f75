using System.Globalization;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>A key in one of the server's numbered databases; its name holds one character a byte.</summary>
internal readonly record struct KeyName(int Database, string Name)
{
    /// <summary>The key as people read it; the database is named when it is not the first.</summary>
    public override string ToString() =>
        Database == 0
            ? Words.ToText(Name)
            : string.Create(CultureInfo.InvariantCulture, $"{Words.ToText(Name)} (db {Database})");
}
