using System.Text;

namespace Belay.Connectors.S3;

/// <summary>The order in which a service lists keys: that of their UTF-8 bytes, which is not that of .NET's texts.</summary>
internal static class Utf8Order
{
    /// <summary>Less than zero when the first key comes first.</summary>
    public static int Compare(string a, string b) =>
        Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
}
