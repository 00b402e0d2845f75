using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Belay.Planning.Yaml;

/// <summary>What a scalar without quotes is, where nobody says what is expected: YAML 1.2, section 10.3 (core schema). So <c>no</c>, <c>on</c> and dates are texts.</summary>
internal static partial class CoreSchema
{
    /// <summary>Written as nothing, <c>~</c> or <c>null</c>.</summary>
    public static bool IsNull(ScalarNode scalar) =>
        scalar is { Plain: true, Text: "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>The boolean; null when it is none.</summary>
    public static bool? AsBoolean(ScalarNode scalar) =>
        scalar switch
        {
            { Plain: true, Text: "true" or "True" or "TRUE" } => true,
            { Plain: true, Text: "false" or "False" or "FALSE" } => false,
            _ => null,
        };

    /// <summary>The whole number as JSON writes it; null when it is none.</summary>
    public static string? AsWhole(ScalarNode scalar)
    {
        if (!scalar.Plain || scalar.Text.Length > 40)
            return null;
        if (Hexadecimal().IsMatch(scalar.Text))
            return BigInteger.Parse($"0{scalar.Text[2..]}", NumberStyles.HexNumber).ToString();
        if (Octal().IsMatch(scalar.Text))
            return scalar.Text[2..].Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0')).ToString();
        return Decimal().IsMatch(scalar.Text) ? BigInteger.Parse(scalar.Text).ToString() : null;
    }

    /// <summary>The number as JSON writes it, digits kept; null when it is none or not finite.</summary>
    public static string? AsNumber(ScalarNode scalar)
    {
        if (AsWhole(scalar) is { } whole)
            return whole;
        if (!scalar.Plain || !Fraction().IsMatch(scalar.Text))
            return null;
        if (JsonNumber().IsMatch(scalar.Text))
            return scalar.Text;
        var value = double.Parse(scalar.Text, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? JsonSerializer.Serialize(value, NumberContext.Default.Double) : null;
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^0x[0-9a-fA-F]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^0o[0-7]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Octal();

    [GeneratedRegex(
        @"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\z",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Fraction();

    [GeneratedRegex(
        @"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?\z",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex JsonNumber();
}
