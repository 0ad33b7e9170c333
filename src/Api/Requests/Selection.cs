using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Selection;

namespace Slipway.Api.Requests;

/// <summary>Which objects of a collection a list, watch or collection delete is about.</summary>
internal sealed record Selection(string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public static Outcome<Selection> Read(ApiRequest request)
    {
        var labels = LabelSelector.Parse(request.Query("labelSelector"));
        if (labels.Failure is { } wrongLabels)
        {
            return wrongLabels;
        }

        var fields = FieldSelector.Parse(request.Kind, request.Query("fieldSelector"));
        return fields.Failure is { } wrongFields
            ? wrongFields
            : new Selection(request.Path.Namespace, labels.Value, fields.Value);
    }

    public bool Matches(Resource resource) =>
        (Namespace.Length == 0 || resource.Namespace == Namespace) && Labels.Matches(resource) && Fields.Matches(resource);

    public override string ToString() => $"{Namespace}|{Labels}|{Fields}";
}
