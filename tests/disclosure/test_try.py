import time, collections, os
from tests.disclosure.worlds import World, quarters
from tests.disclosure.attack import Attack, Publication
from ramsess.reports.disclosure import region_edition, DisclosureError
from ramsess.reports.period import Period
def test_try(blank):
    a,b=map(int,os.environ.get("SEEDS","0,10").split(","))
    for seed in range(a,b):
        t0=time.time(); w=World.random(blank, seed); 
        earlier=[]; times=[]; why=collections.Counter()
        periods=[*quarters(2008),Period.of_year(2008),*quarters(2009),Period.of_year(2009)]
        refused=[]
        for n,p in enumerate(periods):
            if seed%3==0 and n in (3,7): w.come_late(seed,periods[n-2])
            r=w.report(p); t1=time.time()
            try: e=region_edition(r, earlier, 5)
            except DisclosureError as x: refused.append(str(x)); continue
            times.append(time.time()-t1)
            earlier.append(e.release); why.update(x.why.name for x in e.reasons)
        t2=time.time()
        A=Attack([Publication(r.period, r.tables, r.hidden) for r in earlier], blank.lists)
        print([i for i in A.equal if A._true(i[0])!=0][:3], [i for i in A.at_least if A._true(i[0])<0][:3])
        if seed%3==0: A.equal=[i for i in A.equal if A._true(i[0])==0]
        bad=A.worked_out(); t3=time.time()
        print(seed, r.table("B03").value("TOTAL","TOTAL"), dict(why), len(list(A.protected())), len(A.unknown), len(bad), [f'{x:.2f}' for x in (t2-t0,t3-t2,max(times),sum(times))], bad[:2], refused,flush=True)
