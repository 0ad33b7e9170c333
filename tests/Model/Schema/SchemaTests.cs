using Slipway.Model.Resources;
using Slipway.Model.Schema;

namespace Slipway.Model.Tests.Schema;

public sealed class SchemaTests
{
    [Fact]
    public void Every_kind_has_a_schema_with_type_fields_and_metadata()
    {
        foreach (var kind in Kinds.All)
        {
            var shape = Schemas.For(kind);
            Assert.NotNull(shape.Find("apiVersion"));
            Assert.NotNull(shape.Find("kind"));
            Assert.NotNull(shape.At("metadata", "labels"));
        }
    }

    [Fact]
    public void Every_shape_is_described_and_complete()
    {
        foreach (var kind in Kinds.All)
        {
            foreach (var (path, shape) in Walk(Schemas.For(kind), kind.Kind))
            {
                Assert.False(string.IsNullOrWhiteSpace(shape.Description), path);
                Assert.True(shape.Type is ShapeType.List or ShapeType.Map == shape.Items is not null, path);
                Assert.True(shape.ApplyMerge == ListMerge.Keyed == shape.ApplyKeys.Count > 0, path);
                foreach (var key in shape.ApplyKeys.Append(shape.PatchKey).OfType<string>())
                {
                    Assert.True(shape.Items!.Find(key) is not null, $"{path} is keyed by {key}, which its items lack");
                }
            }
        }
    }

    [Fact]
    public void Built_in_kinds_merge_lists_by_their_keys()
    {
        var pod = Schemas.For(Kinds.Job).At("spec", "template", "spec")!;

        Assert.Equal("name", pod.At("containers")!.PatchKey);
        Assert.Equal("name", pod.At("containers", "env")!.PatchKey);
        Assert.Equal("name", pod.At("volumes")!.PatchKey);
        Assert.Equal("mountPath", pod.At("containers", "volumeMounts")!.PatchKey);
        Assert.Equal("containerPort", pod.At("containers", "ports")!.PatchKey);
        Assert.Equal(["containerPort", "protocol"], pod.At("containers", "ports")!.ApplyKeys);
        Assert.Equal(["name"], pod.At("containers")!.ApplyKeys);
        Assert.Equal(["type"], Schemas.For(Kinds.Job).At("status", "conditions")!.ApplyKeys);
        Assert.Equal(["uid"], Schemas.For(Kinds.Job).At("metadata", "ownerReferences")!.ApplyKeys);
        Assert.Equal("port", Schemas.For(Kinds.CoreService).At("spec", "ports")!.PatchKey);
    }

    [Fact]
    public void Serving_kinds_replace_lists_whole_but_for_ports()
    {
        var spec = Schemas.For(Kinds.Service).At("spec", "template", "spec")!;

        foreach (var (path, shape) in Walk(spec, "spec").Where(entry => entry.Shape.Type == ShapeType.List))
        {
            Assert.True(
                path.EndsWith(".ports", StringComparison.Ordinal) ? shape.ApplyMerge == ListMerge.Keyed : shape.ApplyMerge == ListMerge.Atomic,
                path);
        }

        Assert.Equal(["containerPort", "protocol"], spec.At("containers", "ports")!.ApplyKeys);
        Assert.Equal("TCP", spec.At("containers", "ports")!.Items!.Find("protocol")!.Default);
        Assert.Equal(ListMerge.Atomic, Schemas.For(Kinds.Service).At("spec", "traffic")!.ApplyMerge);
    }

    private static IEnumerable<(string Path, Shape Shape)> Walk(Shape shape, string path)
    {
        yield return (path, shape);
        foreach (var below in shape.Items is { } items ? Walk(items, path + "[]") : [])
        {
            yield return below;
        }

        foreach (var field in shape.Fields)
        {
            foreach (var below in Walk(field.Shape, $"{path}.{field.Name}"))
            {
                yield return below;
            }
        }
    }
}
