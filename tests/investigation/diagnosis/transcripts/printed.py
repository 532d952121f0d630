"""Outputs of kubectl, as people paste them."""

POD = """\
Name:             cart-7d8f9c6b5-x2x4z
Namespace:        shop
Priority:         0
Service Account:  default
Node:             worker-1/10.0.0.7
Start Time:       Sun, 01 Mar 2026 13:00:00 +0100
Labels:           app=cart
                  pod-template-hash=7d8f9c6b5
Annotations:      <none>
Status:           Running
IP:               10.1.0.5
IPs:
  IP:           10.1.0.5
Controlled By:  ReplicaSet/cart-7d8f9c6b5
Containers:
  app:
    Image:         registry.example/cart:1
    Ports:         8080/TCP, 9090/TCP
    Host Ports:    0/TCP, 0/TCP
    Command:
      /bin/sh
      -c
      echo: one
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Sun, 01 Mar 2026 13:10:00 +0100
      Finished:     Sun, 01 Mar 2026 13:11:00 +0100
    Ready:          False
    Restart Count:  6
    Limits:
      memory:  64Mi
    Requests:
      cpu:      100m
    Liveness:   http-get http://:8080/health delay=5s timeout=1s period=10s #success=1 #failure=3
    Readiness:  exec [cat /tmp/ok] delay=0s timeout=1s period=10s #success=1 #failure=3
    Environment Variables from:
      settings  ConfigMap  Optional: false
    Environment:
      DB_PASSWORD:  hunter2hunter2
      TOKEN:        <set to the key 'token' in secret 'cart-token'>  Optional: false
      POD_IP:        (v1:status.podIP)
    Mounts:
      /data from data (rw)
      /etc/x from conf (ro,path="x")
Conditions:
  Type              Status
  Initialized       True
  Ready             False
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  cart-data
    ReadOnly:   false
  conf:
    Type:      ConfigMap (a volume populated by a ConfigMap)
    Name:      settings
    Optional:  false
QoS Class:                   Burstable
Node-Selectors:              disk=ssd
Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                             gpu=yes:NoSchedule
Events:
  Type     Reason     Age                 From     Message
  ----     ------     ----                ----     -------
  Normal   Pulled     10m                 kubelet  Container image "registry.example/cart:1" already present on machine
  Warning  Unhealthy  61s (x20 over 10m)  kubelet  Readiness probe failed: cat: can't open
two lines
"""

DEPLOYMENT = """\
Name:                   cart
Namespace:              shop
CreationTimestamp:      Sun, 01 Mar 2026 11:00:00 +0000
Labels:                 app=cart
Annotations:            deployment.kubernetes.io/revision: 3
Selector:               app=cart,tier=back
Replicas:               3 desired | 3 updated | 3 total | 1 available | 2 unavailable
StrategyType:           RollingUpdate
MinReadySeconds:        0
RollingUpdateStrategy:  25% max unavailable, 25% max surge
Pod Template:
  Labels:  app=cart
  Containers:
   app:
    Image:        registry.example/cart:1
    Port:         8080/TCP
    Host Port:    0/TCP
    Environment:  <none>
    Mounts:       <none>
  Volumes:        <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      False   MinimumReplicasUnavailable
OldReplicaSets:  <none>
NewReplicaSet:   cart-7d8f9c6b5 (3/3 replicas created)
Events:          <none>
"""

NODE = """\
Name:               worker-1
Roles:              <none>
Labels:             kubernetes.io/hostname=worker-1
Annotations:        <none>
CreationTimestamp:  Sun, 01 Mar 2026 09:00:00 +0000
Taints:             node.kubernetes.io/memory-pressure:NoSchedule
                    team=blue:NoExecute
Unschedulable:      true
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                   Message
  ----             ------  -----------------                 ------------------                ------                   -------
  MemoryPressure   True    Sun, 01 Mar 2026 12:00:00 +0000   Sun, 01 Mar 2026 11:00:00 +0000   KubeletHasInsufficient   it has
  Ready            True    Sun, 01 Mar 2026 12:00:00 +0000   Sun, 01 Mar 2026 09:00:00 +0000   KubeletReady             posts it
Addresses:
  InternalIP:  10.0.0.7
Capacity:
  cpu:     4
Allocatable:
  cpu:     3920m
  memory:  15Gi
System Info:
  Container Runtime Version:  containerd://2.1.3
  Kubelet Version:            v1.33.3
Non-terminated Pods:          (1 in total)
  Namespace   Name   CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------   ----   ------------  ----------  ---------------  -------------  ---
  shop        cart   100m (2%)     0 (0%)      70Mi (0%)        170Mi (1%)     20h
Events:              <none>
"""

SERVICE = """\
Name:                     cart
Namespace:                shop
Labels:                   <none>
Annotations:              <none>
Selector:                 app=cart
Type:                     ClusterIP
IP Family Policy:         SingleStack
IP:                       10.96.0.9
Port:                     http  80/TCP
TargetPort:               web/TCP
Endpoints:                10.1.0.5:8080
Port:                     <unset>  9090/TCP
TargetPort:               9090/TCP
Endpoints:                10.1.0.5:9090
Session Affinity:         None
Events:                   <none>
"""

CLAIM = """\
Name:          cart-data
Namespace:     shop
StorageClass:  fast
Status:        Pending
Volume:
Labels:        <none>
Annotations:   <none>
Finalizers:    [kubernetes.io/pvc-protection]
Capacity:
Access Modes:
VolumeMode:    Filesystem
Used By:       cart-7d8f9c6b5-x2x4z
Events:
  Type     Reason              Age                From                         Message
  ----     ------              ----               ----                         -------
  Warning  ProvisioningFailed  3s (x2 over 18s)   persistentvolume-controller  storageclass "fast" not found
"""

CONFIG_MAP = """\
Name:         notes
Namespace:    shop
Labels:       <none>
Annotations:  <none>

Data
====
notes.txt:
----
hello

BinaryData
====

Events:  <none>


"""

PODS = """\
NAME                   READY   STATUS             RESTARTS      AGE    IP          NODE       NOMINATED NODE   READINESS GATES
cart-7d8f9c6b5-x2x4z   0/1     CrashLoopBackOff   5 (3m ago)    21m    10.1.0.5    worker-1   <none>           <none>
mail-0                 1/1     Running            0             2d3h   10.1.0.6    worker-2   <none>           <none>
report-28-abcde        0/2     Init:0/1           0             5s     <none>      <none>     <none>           <none>
"""

EVENTS = """\
NAMESPACE   LAST SEEN   TYPE      REASON             OBJECT                     MESSAGE
shop        61s         Warning   FailedScheduling   pod/cart-7d8f9c6b5-x2x4z   0/3 nodes are available: 3 Insufficient cpu.
shop        2m          Normal    Killing            Pod/mail-0                 Stopping container mail
"""

TREE = """\
NAME                                READY   STATUS    AGE
Deployment/cart                     0/1               21m
└── ReplicaSet/cart-7d8f9c6b5       0/1               21m
    └── Pod/cart-7d8f9c6b5-x2x4z    0/1     Running   21m
        └── Service/cart            -                 21m
"""
