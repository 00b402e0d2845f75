using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Belay.Domain.Journal;

/// <summary>What an approval covers: the plan with every file it uses, and the differences that were shown.</summary>
public static class ApprovalCover
{
    /// <summary>The hash that an approval names: SHA-256, lower-case hex, of the plan's hash and a line for each thing that a shown change would do.</summary>
    /// <param name="planHash">The hash of the plan's tree.</param>
    /// <param name="shown">What was shown.</param>
    public static string Hash(string planHash, ImmutableArray<ForeseenChange> shown)
    {
        var text = new StringBuilder().AppendLine(planHash);
        foreach (var change in shown)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{change.Step}\t{change.Reversal}\t{change.Outlook}\t{change.After}"
            );
            foreach (var line in change.Difference ?? [])
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"\t{line.What}\t{(line.Moves ? "" : line.From)}\t{line.To}"
                );
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
