using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Belay.Views.Html;

/// <summary>A text in a picture. In Razor's own markup the element's name has another meaning.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>Its place from the left, with a unit: <c>40%</c>.</summary>
    [Parameter, EditorRequired]
    public string X { get; set; } = "";

    /// <summary>Its base line from the top, with a unit or in pixels.</summary>
    [Parameter, EditorRequired]
    public string Y { get; set; } = "";

    /// <summary>Which part of it lies at the place: <c>start</c>, <c>middle</c> or <c>end</c>.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>What it says.</summary>
    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", X);
        builder.AddAttribute(2, "y", Y);
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddContent(4, Value);
        builder.CloseElement();
    }
}
