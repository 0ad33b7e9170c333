using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>
/// The fields of a pod template in its two dialects. Serving kinds switch most pod-level fields off and let server-side
/// apply replace lists whole; built-in kinds keep pod-level fields for portability and merge lists by key.
/// </summary>
internal sealed class PodShapes(bool serving)
{
    /// <summary>A template: metadata and spec.</summary>
    public Field Template(string description, params Field[] ownSpecFields) => Object(
        "template",
        description,
        Metadata.OfTemplate("Labels and annotations of what is made from the template."),
        Object("spec", "The containers and how they run.", [.. ownSpecFields, .. SpecFields()]));

    public IEnumerable<Field> SpecFields() =>
    [
        By("name", "containers", "The programs of one instance; one of them serves.", ContainerFields()).Required(),
        By("name", "volumes", "Files the containers can mount.", VolumeFields()),
        Text("serviceAccountName", "The account the instance acts as."),
        By("name", "imagePullSecrets", "Secrets with registry credentials.", Text("name", "Name of the Secret.")),
        Flag("enableServiceLinks", "Whether neighbours are announced in environment variables."),
        Flag("automountServiceAccountToken", "Only false is accepted for serving kinds: no token directory is mounted."),
        Long("terminationGracePeriodSeconds", "Seconds between the signal to stop and the kill."),
        .. PodFields(),
    ];

    private IEnumerable<Field> PodFields()
    {
        Field[] alwaysOff =
        [
            By("name", "initContainers", "Programs that run to their end before the others start.", ContainerFields()).Gated(),
            Anything("ephemeralContainers", "Debugging containers.").Gated(),
            Flag("hostNetwork", "Use of the host's network.").Gated(),
            Flag("hostPID", "Use of the host's process ids.").Gated(),
            Flag("hostIPC", "Use of the host's shared memory.").Gated(),
            Flag("hostUsers", "Use of the host's user ids.").Gated(),
            Text("nodeName", "A fixed machine.").Gated(),
        ];
        Field[] portable =
        [
            TextMap("nodeSelector", "Labels a machine must have."),
            Anything("affinity", "Preferences for machines."),
            Anything("tolerations", "Taints of machines that are accepted."),
            Anything("topologySpreadConstraints", "How instances spread over machines."),
            Anything("hostAliases", "Extra lines of the hosts file."),
            Text("runtimeClassName", "The container runtime to use."),
            Text("priorityClassName", "The importance of the instance."),
            Int("priority", "The importance of the instance as a number."),
            Text("preemptionPolicy", "Whether less important instances make room."),
            Text("schedulerName", "Who places the instance."),
            Text("dnsPolicy", "Where names are looked up."),
            Anything("dnsConfig", "Details of name look-up."),
            Anything("securityContext", "Users and groups of all containers together."),
            Text("hostname", "The host name of the instance."),
            Text("subdomain", "The domain of the instance."),
            Flag("setHostnameAsFQDN", "Whether the host name includes the domain."),
            Flag("shareProcessNamespace", "Whether containers see each other's processes."),
            Anything("readinessGates", "Further conditions of readiness."),
            Anything("overhead", "Resources of the runtime itself."),
            Anything("os", "The operating system."),
            Anything("schedulingGates", "Reasons to wait with placement."),
            Anything("resourceClaims", "Devices the instance needs."),
            Text("serviceAccount", "Older name of serviceAccountName."),
        ];
        if (serving)
        {
            return
            [
                .. alwaysOff,
                .. portable.Select(field => field.Gated()),
                Text("restartPolicy", "How ended containers are treated; fixed for serving kinds.").Gated(),
                Long("activeDeadlineSeconds", "The longest life of an instance.").Gated(),
            ];
        }

        return
        [
            .. alwaysOff,
            .. portable,
            Choice("restartPolicy", "What happens when a container ends.", "Never", "OnFailure"),
            Long("activeDeadlineSeconds", "The longest life of one pod."),
        ];
    }

    private Field[] ContainerFields() =>
    [
        Text("name", "Name of the container, unique in the instance."),
        Text("image", "Image reference: [registry/]repository[:tag|@digest].").Required(),
        Choice("imagePullPolicy", "When the image is fetched.", "Always", "IfNotPresent", "Never"),
        Texts("command", "Replaces the entry point of the image."),
        Texts("args", "Replaces the arguments of the image."),
        Text("workingDir", "Directory the program starts in."),
        By("name", "env", "Environment variables.", EnvironmentFields()),
        List(
            "envFrom",
            "Environment variables taken from whole objects.",
            Text("prefix", "Put before every name."),
            SourceReference("configMapRef", "All keys of a ConfigMap."),
            SourceReference("secretRef", "All keys of a Secret.")),
        Ports(),
        Object(
            "resources",
            "What the container may use and what is reserved for it.",
            QuantityMap("limits", "The most it may use: cpu, memory."),
            QuantityMap("requests", "What is reserved for it: cpu, memory."),
            Anything("claims", "Devices the container needs.").Gated()),
        Probe("readinessProbe", "Decides whether requests are sent to the container."),
        Probe("livenessProbe", "Decides whether the container is restarted."),
        Probe("startupProbe", "Holds the other probes back until the program has started."),
        SecurityContext(),
        Text("terminationMessagePath", "File whose content explains the end of the container."),
        Choice("terminationMessagePolicy", "Where the explanation of the end comes from.", "File", "FallbackToLogsOnError"),
        By(
            "mountPath",
            "volumeMounts",
            "Where volumes appear in the container.",
            Text("name", "Name of the volume.").Required(),
            Text("mountPath", "Absolute path in the container.").Required(),
            Text("subPath", "One file or directory of the volume instead of all of it."),
            Flag("readOnly", "Whether the container may write."),
            Text("mountPropagation", "Sharing of mounts with the host.").Gated(),
            Text("subPathExpr", "A path with variables.").Gated(),
            Text("recursiveReadOnly", "Read-only for nested mounts.").Gated()),
        Anything("lifecycle", "Hooks at start and stop.").Gated(),
        Flag("stdin", "An input stream that stays open.").Gated(),
        Flag("stdinOnce", "An input stream for one reader.").Gated(),
        Flag("tty", "A terminal.").Gated(),
        Anything("volumeDevices", "Raw devices.").Gated(),
        Text("restartPolicy", "Restart rule of one container.").Gated(),
        Anything("resizePolicy", "What happens when resources change.").Gated(),
    ];

    private static Field Ports()
    {
        var ports = ListBy(
            "containerPort",
            "ports",
            "The port the container listens on.",
            Text("name", "Empty or http1 for HTTP/1.1, h2c for HTTP/2 without TLS."),
            Int("containerPort", "The port number."),
            Text("protocol", "Only TCP.") with { Default = "TCP" },
            Int("hostPort", "A port of the host.").Gated(),
            Text("hostIP", "An address of the host.").Gated());
        return ports.Keyed("containerPort", "containerPort", "protocol");
    }

    private static Field[] EnvironmentFields() =>
    [
        Text("name", "Name of the variable.").Required(),
        Text("value", "Its value; $(NAME) is replaced by an earlier variable."),
        Object(
            "valueFrom",
            "Where the value comes from instead.",
            KeyReference("secretKeyRef", "One key of a Secret."),
            KeyReference("configMapKeyRef", "One key of a ConfigMap."),
            Anything("fieldRef", "A field of the instance.").Gated(),
            Anything("resourceFieldRef", "A resource limit of the container.").Gated(),
            Anything("fileKeyRef", "A key of a file.").Gated()),
    ];

    private static Field KeyReference(string name, string description) => Object(
        name,
        description,
        Text("name", "Name of the object."),
        Text("key", "The key in it.").Required(),
        Flag("optional", "Whether the key may be missing."));

    private static Field SourceReference(string name, string description) => Object(
        name,
        description,
        Text("name", "Name of the object."),
        Flag("optional", "Whether the object may be missing."));

    private static Field Probe(string name, string description) => Object(
        name,
        description,
        Object(
            "httpGet",
            "Passes on an answer of 200 to 399.",
            Text("path", "Path of the request."),
            Port("port", "Port number, or 0 for the serving port."),
            Text("host", "Host header; the instance itself when empty."),
            Choice("scheme", "HTTP or HTTPS.", "HTTP", "HTTPS"),
            List(
                "httpHeaders",
                "Headers of the request.",
                Text("name", "Name of the header.").Required(),
                Text("value", "Value of the header."))),
        Object(
            "tcpSocket",
            "Passes when a connection opens.",
            Port("port", "Port number, or 0 for the serving port."),
            Text("host", "Host to connect to; the instance itself when empty.")),
        Object("exec", "Passes when a program ends with 0.", Texts("command", "The program and its arguments.")),
        Object(
            "grpc",
            "Passes when the gRPC health service answers SERVING.",
            Int("port", "Port number, or 0 for the serving port."),
            Text("service", "The service asked about.")),
        Int("initialDelaySeconds", "Wait before the first try."),
        Int("periodSeconds", "Time between tries; 0 tries often until the first success."),
        Int("timeoutSeconds", "How long one try may take."),
        Int("successThreshold", "Successes in a row that count as passed."),
        Int("failureThreshold", "Failures in a row that count as failed."),
        Long("terminationGracePeriodSeconds", "Grace period after this probe failed.").Gated());

    private static Field SecurityContext() => Object(
        "securityContext",
        "User and rights of the container.",
        Long("runAsUser", "User id of the program."),
        Long("runAsGroup", "Group id of the program."),
        Flag("runAsNonRoot", "Refuses to start as user 0."),
        Flag("readOnlyRootFilesystem", "Whether the root file system is read-only."),
        Flag("allowPrivilegeEscalation", "Whether the program may gain rights."),
        Object(
            "capabilities",
            "Kernel capabilities.",
            Texts("drop", "Capabilities taken away."),
            Texts("add", "Capabilities given.").Gated()),
        Object(
            "seccompProfile",
            "System call filter.",
            Choice("type", "Which filter.", "RuntimeDefault", "Unconfined", "Localhost").Required(),
            Text("localhostProfile", "File of the filter on the host.")),
        Flag("privileged", "All rights of the host.").Gated(),
        Text("procMount", "Kind of the proc mount.").Gated(),
        Anything("seLinuxOptions", "SELinux labels.").Gated(),
        Anything("windowsOptions", "Windows settings.").Gated(),
        Anything("appArmorProfile", "AppArmor profile.").Gated());

    private static Field[] VolumeFields() =>
    [
        Text("name", "Name of the volume, used by mounts.").Required(),
        Object("secret", "Keys of a Secret as files.", [Text("secretName", "Name of the Secret."), .. Files()]),
        Object("configMap", "Keys of a ConfigMap as files.", [Text("name", "Name of the ConfigMap."), .. Files()]),
        Object(
            "projected",
            "Several sources in one directory.",
            List(
                "sources",
                "The sources; later ones win.",
                Object("secret", "Keys of a Secret.", Text("name", "Name of the Secret."), Items(), Flag("optional", "May be missing.")),
                Object("configMap", "Keys of a ConfigMap.", Text("name", "Name of the ConfigMap."), Items(), Flag("optional", "May be missing.")),
                Object(
                    "serviceAccountToken",
                    "A token of the instance's account.",
                    Text("audience", "Whom the token is for."),
                    Long("expirationSeconds", "Life of the token, at least 600."),
                    Text("path", "File name.").Required()),
                Anything("downwardAPI", "Fields of the instance.").Gated(),
                Anything("clusterTrustBundle", "Trust anchors.").Gated()),
            Int("defaultMode", "Mode bits of the files.")),
        Object(
            "emptyDir",
            "A directory that lives as long as the instance.",
            Choice("medium", "Memory keeps it in memory.", "", "Memory"),
            Quantity("sizeLimit", "The most it may hold.")),
        Anything("persistentVolumeClaim", "A lasting volume.").Gated(),
        Anything("hostPath", "A directory of the host.").Gated(),
        Anything("nfs", "A network directory.").Gated(),
        Anything("csi", "A volume of a storage driver.").Gated(),
        Anything("downwardAPI", "Fields of the instance as files.").Gated(),
        Anything("ephemeral", "A claim that lives as long as the instance.").Gated(),
        Anything("image", "The content of an image.").Gated(),
    ];

    private static Field[] Files() =>
    [
        Items(),
        Int("defaultMode", "Mode bits of the files."),
        Flag("optional", "Whether the object may be missing."),
    ];

    private static Field Items() => List(
        "items",
        "The keys to show; all of them when empty.",
        Text("key", "The key.").Required(),
        Text("path", "File name.").Required(),
        Int("mode", "Mode bits of this file."));

    private Field By(string key, string name, string description, params Field[] item)
    {
        var list = ListBy(key, name, description, item);
        return serving ? list.AtomicForApply() : list;
    }
}
