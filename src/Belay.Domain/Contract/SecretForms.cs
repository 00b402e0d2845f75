using System.Text;
using System.Text.Encodings.Web;

namespace Belay.Domain.Contract;

/// <summary>The forms in which a secret may turn up in texts that others wrote: as it is, line by line, escaped for JSON, URL-encoded, in base64. Pure.</summary>
public static class SecretForms
{
    /// <summary>Encoded forms and lines shorter than this are not looked for: they would tear ordinary words apart.</summary>
    private const int LeastEncoded = 8;

    /// <summary>All forms of a secret, itself first; each once.</summary>
    public static IEnumerable<string> Of(string secret) =>
        Encoded(secret).Where(form => form.Length >= LeastEncoded).Prepend(secret).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Encoded(string secret)
    {
        // Output is read by lines: of a key in several lines each line is a part of the secret.
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries))
            yield return line;
        yield return JavaScriptEncoder.Default.Encode(secret);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret);
        var url = Uri.EscapeDataString(secret);
        yield return url;
        yield return url.Replace("%20", "+", StringComparison.Ordinal);
        for (var before = 0; before < 3; before++)
        {
            var base64 = Base64(secret, before);
            yield return base64;
            yield return base64.Replace('+', '-').Replace('/', '_');
        }
    }

    /// <summary>The characters of base64 (RFC 4648) that the secret alone decides when it stands behind this many other bytes of a group of three: <c>user:password</c> is found as well.</summary>
    private static string Base64(string secret, int before)
    {
        const int BitsOfAByte = 8;
        const int BitsOfACharacter = 6;
        byte[] bytes = [.. new byte[before], .. Encoding.UTF8.GetBytes(secret)];
        var first = ((before * BitsOfAByte) + BitsOfACharacter - 1) / BitsOfACharacter;
        var end = bytes.Length * BitsOfAByte / BitsOfACharacter;
        return end > first ? Convert.ToBase64String(bytes)[first..end] : "";
    }
}
