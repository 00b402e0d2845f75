using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Storefront;

/// <summary>Writes answers with their length, so that a client knows a whole answer from one that was cut off.</summary>
internal static class Answer
{
    public static Task JsonAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    public static Task ProblemAsync(HttpContext context, int status, string error) =>
        JsonAsync(context, status, new Problem(error), Wire.Default.Problem);

    /// <summary>Null when the body is not what was asked for; the 400 is written then.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } value)
                return value;
        }
        catch (JsonException)
        {
            // Falls through to the same answer as an empty body.
        }
        await ProblemAsync(context, StatusCodes.Status400BadRequest, "the body is not the JSON object this page takes");
        return null;
    }
}
