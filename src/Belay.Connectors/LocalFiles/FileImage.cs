using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.LocalFiles;

/// <summary>A file as it was read.</summary>
public sealed record FileImage
{
    /// <summary>SHA-256 of its content, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its permission bits, octal: <c>0640</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Its content in base64. Secret, because configuration files hold passwords; null when the file is longer than <see cref="LocalFile.LongestImage"/>.</summary>
    public Secret? Content { get; init; }

    /// <summary>The content; null when it was not kept.</summary>
    internal byte[]? Read() => Content is null ? null : Convert.FromBase64String(Content.Reveal());

    /// <summary>Words for people, without the content.</summary>
    internal string Words() => $"{Bytes} bytes, sha256 {Sha256[..12]}, mode {Mode}";

    /// <summary>The image of this content.</summary>
    internal static FileImage Of(byte[] content, UnixFileMode mode) =>
        new()
        {
            Sha256 = Hash(content),
            Bytes = content.Length,
            Mode = ModeText(mode),
            Content = new Secret(Convert.ToBase64String(content)),
        };

    /// <summary>The hash as it stands in <see cref="Sha256"/>.</summary>
    internal static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Permission bits as it stands in <see cref="Mode"/>.</summary>
    internal static string ModeText(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8).PadLeft(3, '0');

    /// <summary>Permission bits from octal digits; null when the text is none.</summary>
    internal static UnixFileMode? ModeOf(string text)
    {
        if (text.Length is < 3 or > 5 || text.Any(c => c is < '0' or > '7'))
            return null;
        var bits = text.Aggregate(0, (value, digit) => (value * 8) + (digit - '0'));
        return bits <= 0xFFF ? (UnixFileMode)bits : null;
    }
}
