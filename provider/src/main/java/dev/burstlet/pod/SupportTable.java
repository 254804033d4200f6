package dev.burstlet.pod;

import dev.burstlet.pod.FieldSupport.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The support matrix: every field of the PodSpec of Kubernetes 1.36. */
final class SupportTable {
    /** What has the fields of something else has its rows too, unless it has its own. */
    private static final List<Map.Entry<String, String>> ALIASES =
            List.of(
                    Map.entry("initContainers[]", "containers[]"),
                    Map.entry("ephemeralContainers[]", "containers[]"),
                    Map.entry(".livenessProbe", ".probe"),
                    Map.entry(".readinessProbe", ".probe"),
                    Map.entry(".startupProbe", ".probe"),
                    Map.entry(".postStart", ".hook"),
                    Map.entry(".preStop", ".hook"));

    /** One row a line: mark, path, words. Marks: + works, ~ partly, ! refused, - not applicable. */
    private static final String ROWS =
            """
            + activeDeadlineSeconds
            - affinity/** | the scheduler's
            - automountServiceAccountToken | the API server adds the volume
            + containers
            + containers[].args | $(VAR) expanded
            + containers[].command | $(VAR) expanded
            + containers[].env
            + containers[].env[].name
            + containers[].env[].value | $(VAR) expanded
            + containers[].env[].valueFrom
            + containers[].env[].valueFrom.configMapKeyRef/**
            + containers[].env[].valueFrom.fieldRef/**
            + containers[].env[].valueFrom.fileKeyRef/** | of an emptyDir
            + containers[].env[].valueFrom.resourceFieldRef/**
            + containers[].env[].valueFrom.secretKeyRef/**
            + containers[].envFrom
            + containers[].envFrom[].configMapRef/**
            + containers[].envFrom[].prefix
            + containers[].envFrom[].secretRef/**
            + containers[].image
            + containers[].imagePullPolicy
            + containers[].lifecycle
            + containers[].lifecycle.hook
            + containers[].lifecycle.hook.exec/**
            + containers[].lifecycle.hook.httpGet/**
            + containers[].lifecycle.hook.sleep/**
            ~ containers[].lifecycle.hook.tcpSocket/** | deprecated: fails when it is run, as on a kubelet
            + containers[].lifecycle.stopSignal
            + containers[].probe
            + containers[].probe.exec/**
            + containers[].probe.failureThreshold
            + containers[].probe.grpc/**
            + containers[].probe.httpGet/**
            + containers[].probe.initialDelaySeconds
            + containers[].probe.periodSeconds
            + containers[].probe.successThreshold
            + containers[].probe.tcpSocket/**
            + containers[].probe.terminationGracePeriodSeconds
            + containers[].probe.timeoutSeconds
            + containers[].name
            + containers[].ports
            + containers[].ports[].containerPort
            + containers[].ports[].hostIP
            ~ containers[].ports[].hostPort | where the engine can publish ports; conflicts are refused at admission
            + containers[].ports[].name
            + containers[].ports[].protocol
            + containers[].resizePolicy/**
            + containers[].resources
            ! containers[].resources.claims/** | dynamic resource allocation is not supported
            ~ containers[].resources.limits | extended resources are counted; the host gives those that it is configured to have
            ! containers[].resources.limits{hugepages-*} | huge pages are not supported
            ~ containers[].resources.requests | extended resources are counted; the host gives those that it is configured to have
            ! containers[].resources.requests{hugepages-*} | huge pages are not supported
            + containers[].restartPolicy
            + containers[].restartPolicyRules/**
            + containers[].securityContext
            + containers[].securityContext.allowPrivilegeEscalation
            ~ containers[].securityContext.appArmorProfile/** | where the host has AppArmor
            + containers[].securityContext.capabilities/** | by policy
            + containers[].securityContext.privileged | by policy
            ~ containers[].securityContext.procMount | where the engine can unmask /proc
            + containers[].securityContext.readOnlyRootFilesystem
            + containers[].securityContext.runAsGroup
            + containers[].securityContext.runAsNonRoot
            + containers[].securityContext.runAsUser
            ~ containers[].securityContext.seLinuxOptions/** | no effect on a host without SELinux, as on any such node
            ~ containers[].securityContext.seccompProfile/** | Localhost: profiles of `nodes[].seccompProfiles`
            ! containers[].securityContext.windowsOptions/** | Windows containers are not supported
            + containers[].stdin
            + containers[].stdinOnce
            + containers[].terminationMessagePath
            + containers[].terminationMessagePolicy
            + containers[].tty
            ! containers[].volumeDevices/** | raw block devices are not supported
            + containers[].volumeMounts
            ~ containers[].volumeMounts[].mountPropagation | by policy, where the engine can
            + containers[].volumeMounts[].mountPath
            + containers[].volumeMounts[].name
            + containers[].volumeMounts[].readOnly
            ~ containers[].volumeMounts[].recursiveReadOnly | Enabled only where the engine can
            + containers[].volumeMounts[].subPath
            + containers[].volumeMounts[].subPathExpr
            + containers[].workingDir
            + dnsConfig/**
            + dnsPolicy
            + enableServiceLinks
            + ephemeralContainers
            + ephemeralContainers[].targetContainerName
            + hostAliases/**
            ~ hostIPC | by policy, where the engine can
            ~ hostNetwork | by policy, where the engine can
            ~ hostPID | by policy, where the engine can
            ~ hostUsers | false where the engine has user namespaces
            + hostname
            + hostnameOverride
            + imagePullSecrets/**
            + initContainers
            - nodeName | the scheduler's; the node that the pod is on
            - nodeSelector | the scheduler's, checked again at admission
            + os
            + os.name
            ! os.name=windows | Windows containers are not supported
            + overhead
            - preemptionPolicy | the scheduler's
            + priority
            + priorityClassName
            + readinessGates/**
            ! resourceClaims/** | dynamic resource allocation is not supported
            ~ resources | on a Docker host that is remote, or whose cgroups systemd makes, each container is held to what the pod has left it, not all of them together
            ! resources.claims/** | dynamic resource allocation is not supported
            + resources.limits
            ! resources.limits{hugepages-*} | huge pages are not supported
            + resources.requests
            ! resources.requests{hugepages-*} | huge pages are not supported
            + restartPolicy
            ~ runtimeClassName | handlers that the engine has
            - schedulerName | the scheduler's
            - schedulingGates/** | the scheduler's
            - schedulingGroup/** | the scheduler's
            + securityContext
            ~ securityContext.appArmorProfile/** | where the host has AppArmor
            + securityContext.fsGroup
            + securityContext.fsGroupChangePolicy
            - securityContext.seLinuxChangePolicy | volumes are not relabelled
            + securityContext.runAsGroup
            + securityContext.runAsNonRoot
            + securityContext.runAsUser
            ~ securityContext.seLinuxOptions/** | no effect on a host without SELinux, as on any such node
            ~ securityContext.seccompProfile/** | Localhost: profiles of `nodes[].seccompProfiles`
            + securityContext.supplementalGroups
            ~ securityContext.supplementalGroupsPolicy | Strict where the engine has it (Docker; CRI runtimes that declare it), as on any node
            + securityContext.sysctls/** | by policy
            ! securityContext.windowsOptions/** | Windows containers are not supported
            + serviceAccount
            + serviceAccountName
            + setHostnameAsFQDN
            ~ shareProcessNamespace | where the engine can
            + subdomain
            + terminationGracePeriodSeconds
            - tolerations/** | the scheduler's; NoExecute taints are the taint controller's
            - topologySpreadConstraints/** | the scheduler's
            + volumes
            ! volumes[].awsElasticBlockStore/** | removed from Kubernetes; CSI
            ! volumes[].azureDisk/** | removed from Kubernetes; CSI
            ! volumes[].azureFile/** | removed from Kubernetes; CSI
            ! volumes[].cephfs/** | removed from Kubernetes; CSI
            ! volumes[].cinder/** | removed from Kubernetes; CSI
            + volumes[].configMap/**
            ! volumes[].csi/** | CSI volumes need a driver on the node
            + volumes[].downwardAPI/**
            + volumes[].emptyDir
            + volumes[].emptyDir.medium
            ! volumes[].emptyDir.medium=HugePages* | huge pages are not supported
            + volumes[].emptyDir.sizeLimit | in memory by the file system, on disk by eviction
            ~ volumes[].ephemeral/** | as persistentVolumeClaim
            ! volumes[].fc/** | block storage is not supported
            ! volumes[].flexVolume/** | flexVolume drivers are not supported
            ! volumes[].flocker/** | removed from Kubernetes
            ! volumes[].gcePersistentDisk/** | removed from Kubernetes; CSI
            ! volumes[].gitRepo/** | disabled in Kubernetes for security
            ! volumes[].glusterfs/** | removed from Kubernetes
            + volumes[].hostPath/** | by policy; all types
            ~ volumes[].image/** | where the engine can mount images
            ! volumes[].iscsi/** | block storage is not supported
            + volumes[].name
            + volumes[].nfs/** | the host mounts it
            ~ volumes[].persistentVolumeClaim/** | nfs, hostPath, local, and volume drivers of the engine
            ! volumes[].photonPersistentDisk/** | removed from Kubernetes
            ! volumes[].portworxVolume/** | removed from Kubernetes; CSI
            + volumes[].projected
            + volumes[].projected.defaultMode
            + volumes[].projected.sources
            ! volumes[].projected.sources[].clusterTrustBundle/** | cluster trust bundles are not supported
            + volumes[].projected.sources[].configMap/**
            + volumes[].projected.sources[].downwardAPI/**
            ! volumes[].projected.sources[].podCertificate/** | pod certificates are not supported
            + volumes[].projected.sources[].secret/**
            + volumes[].projected.sources[].serviceAccountToken/** | rotated
            ! volumes[].quobyte/** | removed from Kubernetes
            ! volumes[].rbd/** | removed from Kubernetes; CSI
            ! volumes[].scaleIO/** | removed from Kubernetes
            + volumes[].secret/** | in RAM only
            ! volumes[].storageos/** | removed from Kubernetes
            ! volumes[].vsphereVolume/** | removed from Kubernetes; CSI
            """;

    private static final Map<String, FieldSupport> BY_PATH = parsed();

    private static final Map<String, List<FieldSupport>> SPECIAL =
            BY_PATH.values().stream()
                    .filter(row -> row.path().matches(".*[={].*"))
                    .collect(Collectors.groupingBy(row -> row.path().replaceAll("[={].*", "")));

    private SupportTable() {}

    static List<FieldSupport> rows() {
        return List.copyOf(BY_PATH.values());
    }

    /** The row of a path, or null where the table has none. */
    static @Nullable FieldSupport row(String path) {
        FieldSupport own = BY_PATH.get(path);
        return own == null ? BY_PATH.get(canonical(path)) : own;
    }

    /** The rows that speak of single values or keys of a field. */
    static List<FieldSupport> special(String path) {
        return SPECIAL.getOrDefault(canonical(path), List.of());
    }

    private static String canonical(String path) {
        String canonical = path;
        for (Map.Entry<String, String> alias : ALIASES) {
            canonical = canonical.replace(alias.getKey(), alias.getValue());
        }
        return canonical;
    }

    private static Map<String, FieldSupport> parsed() {
        Map<String, FieldSupport> rows = new LinkedHashMap<>();
        ROWS.lines().map(SupportTable::parsed).forEach(row -> rows.put(row.path(), row));
        return rows;
    }

    private static FieldSupport parsed(String line) {
        int bar = line.indexOf(" | ");
        String path = line.substring(2, bar < 0 ? line.length() : bar);
        boolean whole = path.endsWith("/**");
        Level level =
                switch (line.charAt(0)) {
                    case '+' -> Level.WORKS;
                    case '~' -> Level.PARTLY;
                    case '!' -> Level.REFUSED;
                    case '-' -> Level.NOT_APPLICABLE;
                    default -> throw new IllegalStateException("no mark: " + line);
                };
        return new FieldSupport(
                whole ? path.substring(0, path.length() - 3) : path,
                whole,
                level,
                bar < 0 ? "" : line.substring(bar + 3));
    }
}
